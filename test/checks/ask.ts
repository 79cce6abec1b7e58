import type { ArmResource } from "../../local/resourceGraph/rows.ts";
import { check } from "../../shared/checks/check.ts";
import type {
	CheckAnswer,
	CheckRequest,
} from "../../shared/checks/contract.ts";
import { scenarioNames } from "../../shared/contract.ts";
import type { ArmAnswer } from "../../shared/inventory/armAnswer.ts";
import { lookUpIn, readOf } from "../inventory/tenant.ts";
import { thresholds } from "../rules/facts.ts";

export const settings = {
	subscriptions: [],
	missingAudits: 3,
	routesPerTable: 400,
	thresholds,
};

export const at = "2026-11-28T12:00:00.000Z";

interface World {
	/** What Azure has. */
	readonly resources: readonly ArmResource[];
	/** What Resource Graph shows of it. Absent: the same. */
	readonly graph?: readonly ArmResource[];
	/** IDs that a GET refuses, in lower case. */
	readonly refused?: readonly string[];
	readonly routesPerTable?: number;
}

/** The answer to a check, asked of raw resources. What is omitted of the request is empty, and all scenarios are meant. */
export function ask(
	{ resources, graph = resources, refused = [], routesPerTable = 400 }: World,
	request: Partial<CheckRequest>,
): Promise<CheckAnswer> {
	const read = readOf(graph);
	const byId = new Map(resources.map((one) => [one.id.toLowerCase(), one]));
	const readArm = async (id: string): Promise<ArmAnswer> => {
		if (refused.includes(id))
			return {
				kind: "unreadable",
				reason: `${id} could not be read (AuthorizationFailed): the auditor's identity needs the role Reader there.`,
			};
		const resource = byId.get(id);
		return resource ? { kind: "resource", resource } : { kind: "missing" };
	};
	return check(
		{
			resources: [],
			removed: [],
			clusters: [],
			scenarios: scenarioNames,
			replacements: [],
			...request,
		},
		{
			readFrom: () => read,
			readArm,
			before: {
				memory: { withClusters: [], missing: {} },
				lookUp: lookUpIn(new Map()),
			},
			settings: { ...settings, routesPerTable },
			now: () => new Date(at),
		},
	);
}
