import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { lastName } from "../../shared/arm.ts";
import type {
	CheckAnswer,
	CheckRequest,
} from "../../shared/checks/contract.ts";
import { scenarioNames } from "../../shared/contract.ts";
import type { PlannedChange } from "../../shared/gate/plannedChange.ts";
import { readJson, UnreadableFile } from "../../shared/gate/readJson.ts";
import { readPlan } from "../../shared/gate/terraform/planFile.ts";
import { terraformChange } from "../../shared/gate/terraform/terraformChange.ts";
import { whatIfChanges } from "../../shared/gate/whatIf.ts";
import { listed } from "../../shared/text.ts";
import { CouldNotRun } from "./couldNotRun.ts";
import type { GateOptions } from "./options.ts";

export interface GateQuestion {
	readonly subject: string;
	readonly request: CheckRequest;
	/** Null where nobody planned: the change is said on the command line. */
	readonly planned: PlannedChange | null;
}

const nothing: CheckRequest = {
	resources: [],
	removed: [],
	clusters: [],
	scenarios: scenarioNames,
	replacements: [],
};

/** The question that a command line asks. Throws `CouldNotRun` where a file cannot be read. */
export async function questionOf({
	subject,
	subscription,
}: GateOptions): Promise<GateQuestion> {
	switch (subject.kind) {
		case "upgrade":
			return {
				subject: `upgrade of ${subject.clusters.map(lastName).join(", ")}`,
				request: {
					...nothing,
					clusters: subject.clusters,
					scenarios: ["upgrade"],
				},
				planned: null,
			};
		case "pool":
			return {
				subject: `pool ${subject.pool} of ${lastName(subject.cluster)}`,
				request: {
					...nothing,
					clusters: [subject.cluster],
					resources: [
						{
							id: `${subject.cluster}/agentPools/${subject.pool}`,
							properties: subject.properties,
						},
					],
				},
				planned: null,
			};
		case "plan": {
			const json = await jsonOf(subject.file);
			const planned = understood(subject.file, () =>
				terraformChange(readPlan(json), subscription),
			);
			return plannedQuestion(`Terraform plan ${subject.file}`, planned);
		}
		case "what-if": {
			const json = await jsonOf(subject.file);
			const planned = understood(subject.file, () => whatIfChanges(json));
			return plannedQuestion(`what-if ${subject.file}`, planned);
		}
		case "change":
			return {
				subject: `change ${subject.file}`,
				request: bodyOf(subject.file, await jsonOf(subject.file)),
				planned: null,
			};
	}
}

function plannedQuestion(
	subject: string,
	planned: PlannedChange,
): GateQuestion {
	const { resources, removed, replacements } = planned;
	return {
		subject,
		request: { ...nothing, resources, removed, replacements },
		planned,
	};
}

/**
 * `--pool` names a pool that is there. A mistyped name would be judged as a new pool. Throws `CouldNotRun` with the names that
 * the cluster has.
 */
export function refuseNewPool(answer: CheckAnswer, pool: string): void {
	const pools = answer.clusters
		.filter(({ asked }) => asked)
		.flatMap(({ budgets }) => budgets)
		.filter(({ kind }) => kind === "pool-nodes");
	const own = pools.find(({ name }) => name === pool.toLowerCase());
	if (own?.before !== null) return;
	const names = pools.filter(({ before }) => before !== null);
	throw new CouldNotRun(
		`The cluster has no pool ${pool}; it has ${listed(names.map(({ name }) => name))}.`,
	);
}

/** Whether a question has anything to ask Azure about. */
export function isEmpty({ request }: GateQuestion): boolean {
	return (
		request.resources.length === 0 &&
		request.removed.length === 0 &&
		request.clusters.length === 0
	);
}

async function jsonOf(file: string): Promise<unknown> {
	let bytes: Uint8Array;
	try {
		bytes = await readFile(file);
	} catch (error) {
		const code: unknown = Reflect.get(Object(error), "code");
		throw new CouldNotRun(
			code === "ENOENT"
				? `There is no file ${file}.`
				: `The file ${file} cannot be read (${typeof code === "string" ? code : "unknown error"}).`,
		);
	}
	return understood(file, () => readJson(bytes));
}

function understood<T>(file: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof UnreadableFile)
			throw new CouldNotRun(`${file}: ${error.message}`);
		throw error;
	}
}

const id = v.pipe(v.string(), v.startsWith("/"));
const body = v.strictObject({
	resources: v.optional(
		v.array(
			v.looseObject({
				id,
				type: v.exactOptional(v.nullable(v.string())),
				properties: v.optional(v.record(v.string(), v.unknown()), {}),
			}),
		),
		[],
	),
	removed: v.optional(v.array(id), []),
	clusters: v.optional(v.array(id), []),
	scenarios: v.optional(
		v.pipe(v.array(v.picklist(scenarioNames)), v.nonEmpty()),
		[...scenarioNames],
	),
	replacements: v.optional(
		v.array(
			v.strictObject({
				pool: id,
				order: v.picklist([
					"temporary-pool",
					"create-before-delete",
					"delete-before-create",
				]),
			}),
		),
		[],
	),
});

function bodyOf(file: string, json: unknown): CheckRequest {
	const parsed = v.safeParse(body, json);
	if (parsed.success) return parsed.output;
	const [issue] = parsed.issues;
	throw new CouldNotRun(
		`${file} is not a change: ${v.getDotPath(issue) ?? "its top"} is not what is expected. docs/pipelines.md has the fields.`,
	);
}
