import { groupKey, parseArmId } from "../arm.ts";
import type { Gap } from "../contract.ts";
import { allSubnets } from "./allSubnets.ts";
import { withInterface } from "./autoProvisionedNodes.ts";
import { unreadableCluster } from "./clusters.ts";
import type { Inventory, LostRows } from "./facts.ts";
import { withPeerings } from "./networks.ts";
import { allOtherResources } from "./otherResources.ts";
import { type Answers, type QueryName, readAll } from "./queries.ts";
import type { Answer, Read } from "./reader.ts";
import { withInterfaces } from "./scaleSets.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** What was read of the tenant, with what is missing from it. */
export interface Gathered {
	readonly inventory: Inventory;
	/** Subscriptions that show resource groups: they have answered, with clusters or without. */
	readonly withResourceGroups: ReadonlySet<string>;
	readonly gaps: readonly Gap[];
}

/** The fixed, small number of fleet-wide queries. Nothing is asked per cluster. */
export async function gather(
	read: Read,
	subscriptions: Subscriptions,
): Promise<Gathered> {
	const answers = await readAll(read);
	const subnets = await allSubnets(read, answers.subnets);
	const networks = withPeerings(answers.networks.rows, answers.peerings);
	const checked = { ...answers, subnets, peerings: networks };
	return {
		inventory: {
			lost: lostRows(subscriptions, checked),
			subscriptions: new Set(subscriptions.ids),
			clusters: answers.clusters.rows,
			unreadableClusters: answers.clusters.unreadable.map(unreadableCluster),
			subnets: subnets.rows,
			networks: networks.rows,
			scaleSets: withInterfaces(
				answers.scaleSets.rows,
				answers.nodeConfigurations,
			),
			unreadableGroups: unreadableGroups(answers),
			routeTables: answers.routeTables.rows,
			autoProvisionedNodes: withInterface(
				answers.autoProvisionedNodes.rows,
				answers.nodeConfigurations.rows,
			),
			otherResources: allOtherResources(answers),
			listed: new Map(),
			listedRoutes: new Map(),
			unlisted: new Set(),
		},
		withResourceGroups: new Set(answers.resourceGroups.rows),
		gaps: [subscriptions, ...Object.values(checked)].flatMap(
			({ gaps }) => gaps,
		),
	};
}

function lostRows(
	subscriptions: Subscriptions,
	answers: Readonly<Record<QueryName, Answer<unknown>>>,
): LostRows {
	const lost = Object.entries(answers).map(([name, { lost }]) => [name, lost]);
	return {
		...(Object.fromEntries(lost) as Record<QueryName, number | null>),
		subscriptions: subscriptions.lost,
	};
}

/** Resource groups of rows that could not be read: the cluster that needs them is not evaluated. */
export function unreadableGroups({
	scaleSets,
	autoProvisionedNodes,
}: {
	readonly scaleSets: Pick<Answers["scaleSets"], "unreadable">;
	readonly autoProvisionedNodes: Pick<
		Answers["autoProvisionedNodes"],
		"unreadable"
	>;
}): Map<string, string> {
	const rows = [...scaleSets.unreadable, ...autoProvisionedNodes.unreadable];
	return new Map(
		rows.flatMap(({ id, reason }) => {
			const parts = parseArmId(id);
			return parts === null
				? []
				: [
						[
							groupKey(parts.subscription, parts.resourceGroup),
							`row of ${parts.name} could not be read: ${reason}`,
						] as const,
					];
		}),
	);
}
