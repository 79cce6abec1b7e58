import {
	type Before,
	gatherNeighborhood,
} from "../audit/gatherNeighborhood.ts";
import { seenOf } from "../audit/gatherTenant.ts";
import type { Near } from "../audit/readNeighborhood.ts";
import type { Gap } from "../contract.ts";
import type { ArmAnswer, ReadArm } from "../inventory/armAnswer.ts";
import { networksIn, routeTablesIn } from "../inventory/namedResources.ts";
import type { ReadFrom } from "../inventory/reader.ts";
import { buildFleet } from "../model/fleet.ts";
import type { Knowledge } from "../model/known.ts";
import { freshInventory } from "../propose/fresh.ts";
import { propose } from "../propose/propose.ts";
import type { AuditSettings } from "../settings/audit.ts";
import { answerOf, type Compared } from "./answer.ts";
import type { CheckAnswer, CheckRequest } from "./contract.ts";
import { judgedFleet } from "./judged.ts";
import { momentsOf } from "./moments.ts";
import { type Proposal, proposalOf } from "./proposal.ts";
import { type Subject, subjectOf } from "./subject.ts";
import { WrongRequest } from "./wrongRequest.ts";

/** What a check reads with. */
export interface CheckReaders {
	readonly readFrom: ReadFrom;
	readonly readArm: ReadArm;
	/** What earlier audits know. Nothing without an auditor. */
	readonly before: Before;
	readonly settings: Pick<
		AuditSettings,
		"subscriptions" | "missingAudits" | "routesPerTable" | "thresholds"
	>;
	readonly now: () => Date;
}

/** Resources that are changed, and so must be read by GET. */
export const mostChanged = 20;

/**
 * Judges clusters as they would be after a change, without making it. What the request names is read from Azure Resource
 * Manager, the neighborhood from Resource Graph. Throws `WrongRequest` where the request cannot be checked, and what the
 * readers throw where Azure answers nothing.
 */
export async function check(
	request: CheckRequest,
	readers: CheckReaders,
): Promise<CheckAnswer> {
	const subject = subjectOf(request);
	const { azure, readAt } = await readNamed(subject, request, readers);
	const proposal = proposalOf(subject, azure);
	const graphReadAt = readers.now().toISOString();
	const near = await gatherNeighborhood(
		readers.readFrom,
		{ ...readers.settings, managementGroups: [] },
		readers.before,
		nearOf(subject, azure),
	);
	const { answered } = seenOf(near);
	const knowledge: Knowledge = {
		auditId: "",
		at: graphReadAt,
		known: near.known,
		answered,
	};
	const fresh = freshInventory(near.inventory, azure, knowledge);
	const compared = compare(fresh.inventory, proposal, knowledge, readers);
	return answerOf(request, {
		...compared,
		subject,
		proposal,
		azure,
		thresholds: readers.settings.thresholds,
		gaps: [
			...near.gaps,
			...fresh.gaps,
			...coverageGaps(near.coverage.gaps, subject, near.known),
		],
		sources: [
			...[...azure]
				.filter(([, { kind }]) => kind !== "unreadable")
				.map(([id]) => ({ id, source: "arm" as const, readAt })),
			...[
				...near.inventory.clusters,
				...near.inventory.networks,
				...near.inventory.routeTables,
			]
				.filter(
					({ id }) => (azure.get(id)?.kind ?? "unreadable") === "unreadable",
				)
				.map(({ id }) => ({
					id,
					source: "resource-graph" as const,
					readAt: graphReadAt,
				})),
		],
		readAt,
	});
}

/** The fleet before, after, and at the worst moments between. */
function compare(
	now: Parameters<typeof propose>[0],
	proposal: Proposal,
	before: Knowledge,
	{ settings }: CheckReaders,
): Pick<Compared, "before" | "after" | "moments"> {
	const { changes, replaced } = proposal;
	const gone = new Set(
		changes.flatMap((one) => (one.kind === "removed" ? [one.id] : [])),
	);
	const later: Knowledge = {
		...before,
		known: new Map([...before.known].filter(([id]) => !gone.has(id))),
	};
	const fleetOf = (inventory: typeof now, knowledge: Knowledge) =>
		judgedFleet(buildFleet(inventory, knowledge, settings));
	const then = fleetOf(now, before);
	if (changes.length === 0 && replaced.length === 0)
		return { before: then, after: then, moments: [] };
	const after = propose(now, changes, before);
	return {
		before: then,
		after: fleetOf(after, later),
		moments: momentsOf(now, after, proposal, later).map((one) =>
			fleetOf(one, later),
		),
	};
}

async function readNamed(
	{ clusters, networks, routeTables, asked }: Subject,
	request: CheckRequest,
	{ readArm, now }: CheckReaders,
): Promise<{ azure: ReadonlyMap<string, ArmAnswer>; readAt: string }> {
	const changed = [
		...clusters.keys(),
		...networks.keys(),
		...routeTables.keys(),
	];
	if (changed.length > mostChanged)
		throw new WrongRequest([
			{
				field: request.resources.length > 0 ? "resources" : "removed",
				detail: `The request changes ${changed.length} clusters, networks and route tables; the limit is ${mostChanged}. Check them in parts that share no network.`,
			},
		]);
	const ids = [...new Set([...changed, ...asked])].slice(0, mostChanged);
	const readAt = now().toISOString();
	const answers = await Promise.all(
		ids.map(async (id) => [id, await readArm(id)] as const),
	);
	return { azure: new Map(answers), readAt };
}

/** All that the judgement needs, by what the request and Azure say of the resources. */
function nearOf(
	{ clusters, networks, routeTables, asked }: Subject,
	azure: ReadonlyMap<string, ArmAnswer>,
): Near {
	const told = [
		...[...clusters.values(), ...networks.values()].map(({ over }) => over),
		...[...azure].flatMap(([id, answer]) =>
			answer.kind === "resource" && id.includes("/managedclusters/")
				? [answer.resource.properties]
				: [],
		),
	];
	return {
		clusters: asked,
		networks: [...new Set([...networks.keys(), ...told.flatMap(networksIn)])],
		routeTables: [
			...new Set([...routeTables.keys(), ...told.flatMap(routeTablesIn)]),
		],
	};
}

/** Subscriptions that did not answer, where somebody in the neighborhood is or was in them. */
function coverageGaps(
	gaps: readonly Gap[],
	{ asked, networks }: Subject,
	known: ReadonlyMap<string, unknown>,
): Gap[] {
	const subscriptions = new Set(
		[...asked, ...networks.keys(), ...known.keys()].map(
			(id) => id.split("/")[2] ?? "",
		),
	);
	return gaps.filter(
		({ subscription }) =>
			subscription !== null && subscriptions.has(subscription),
	);
}
