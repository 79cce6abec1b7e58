import {
	type Remembered,
	type SubscriptionCoverage,
	subscriptionCoverage,
	whoAnswered,
} from "../inventory/coverage.ts";
import type { Cluster } from "../inventory/facts.ts";
import { type Gathered, gather } from "../inventory/gather.ts";
import { readListedOwners } from "../inventory/listedOwners.ts";
import { readListedRoutes } from "../inventory/listedRoutes.ts";
import type { Read, ReadFrom } from "../inventory/reader.ts";
import {
	readSubscriptions,
	type Subscriptions,
} from "../inventory/subscriptions.ts";
import {
	listsToRead,
	tablesToRead,
	withListedScaleSets,
} from "../model/lists.ts";
import type { AuditSettings } from "../settings/audit.ts";

/** What was read of the tenant, who should have answered, and which clusters the audit is about. */
export interface Tenant extends Gathered {
	readonly coverage: SubscriptionCoverage;
	readonly isJudged: IsJudged;
}

/** Whether the audit is about the clusters of a subscription. */
type IsJudged = (one: { readonly subscription: string }) => boolean;

/** What is still needed of the tenant when its fleet is built. */
export interface SeenTenant
	extends Pick<Tenant, "coverage" | "gaps" | "isJudged"> {
	/** Whether the clusters of a subscription would have been seen. */
	readonly answered: (subscription: string) => boolean;
	/** No row of a cluster is missing. */
	readonly hasAllClusters: boolean;
	readonly subnets: number;
	readonly clusters: readonly Pick<Cluster, "id" | "tags">[];
}

export function seenOf(tenant: Tenant): SeenTenant {
	const { coverage, gaps, isJudged, inventory } = tenant;
	return {
		coverage,
		gaps,
		isJudged,
		answered: whoAnswered(tenant),
		hasAllClusters: inventory.lost.clusters === 0,
		subnets: inventory.subnets.length,
		clusters: inventory.clusters.map(({ id, tags }) => ({ id, tags })),
	};
}

/** What the settings say of the part of the tenant that is audited. */
export type Scope = Pick<
	AuditSettings,
	"managementGroups" | "subscriptions" | "missingAudits"
>;

/** Reads the subscriptions, then what they contain. Throws if nothing is visible that was there before. */
export async function gatherTenant(
	readFrom: ReadFrom,
	settings: Scope,
	before: Remembered,
): Promise<Tenant> {
	const subscriptions = await subscriptionsOf(readFrom, settings);
	const answers = await gather(readFrom(subscriptions.ids), subscriptions);
	return tenantOf(readFrom, settings, before, { subscriptions, answers });
}

export function subscriptionsOf(
	readFrom: ReadFrom,
	{ managementGroups }: Pick<Scope, "managementGroups">,
): Promise<Subscriptions> {
	return readSubscriptions(readFrom([]), managementGroups);
}

/**
 * The tenant that was read, with the lists that its rows leave open. Throws if nothing is visible that was there
 * before.
 */
export async function tenantOf(
	readFrom: ReadFrom,
	settings: Scope,
	before: Remembered,
	{
		subscriptions,
		answers,
	}: {
		readonly subscriptions: Subscriptions;
		readonly answers: Gathered;
	},
): Promise<Tenant> {
	const listed = await withLists(readFrom(subscriptions.ids), answers);
	const whole = {
		...listed,
		inventory: withListedScaleSets(listed.inventory),
	};
	refuseEmptiness(whole, before);
	return {
		...whole,
		coverage: subscriptionCoverage(
			whole,
			settings.subscriptions,
			before,
			settings.missingAudits,
		),
		isJudged: judgedBy(settings, subscriptions),
	};
}

/** Reads the owners in lists that no row explains: a second look, at a few subnets and route tables. */
export async function withLists(
	read: Read,
	gathered: Gathered,
): Promise<Gathered> {
	const { inventory, gaps } = gathered;
	const asked = {
		subnets: listsToRead(inventory),
		tables: tablesToRead(inventory),
	};
	const [lists, tables] = await Promise.all([
		readListedOwners(read, asked.subnets),
		readListedRoutes(read, asked.tables),
	]);
	const arrived = new Set([...lists.listed.keys(), ...tables.listed.keys()]);
	const unlisted = [...asked.subnets, ...asked.tables]
		.map(({ id }) => id)
		.filter((id) => !arrived.has(id));
	return {
		...gathered,
		inventory: {
			...inventory,
			listed: lists.listed,
			listedRoutes: tables.listed,
			unlisted: new Set(unlisted),
		},
		gaps: [...gaps, ...lists.gaps, ...tables.gaps],
	};
}

/** An empty answer means lost access, not an empty fleet. */
function refuseEmptiness({ inventory }: Gathered, before: Remembered): void {
	if (inventory.subscriptions.size === 0)
		throw new Error(
			"no subscription is visible: the auditor's identity needs the role Reader on the subscriptions, or on a management group above them",
		);
	const { clusters, unreadableClusters } = inventory;
	const seen = clusters.length + unreadableClusters.length;
	if (seen === 0 && before.withClusters.length > 0)
		throw new Error(
			`no AKS cluster is visible, where ${before.withClusters.length} subscriptions had some: the auditor's identity needs the role Reader on them`,
		);
}

export function judgedBy(
	{ subscriptions }: Scope,
	{ inManagementGroups }: Pick<Subscriptions, "inManagementGroups">,
): IsJudged {
	if (subscriptions.length === 0 && inManagementGroups === null)
		return () => true;
	const judged = new Set([...subscriptions, ...(inManagementGroups ?? [])]);
	return ({ subscription }) => judged.has(subscription);
}
