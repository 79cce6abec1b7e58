import { readAcceptances } from "../azure/acceptanceStore.ts";
import { findingsMeant } from "../azure/findingList.ts";
import type { Tables } from "../azure/tables.ts";
import type { Finding } from "../contract.ts";
import { acceptancesAt } from "../findings/acceptance.ts";
import type { FindingsQuery } from "../findings/query.ts";
import { type Place, placeOf, worstFirst } from "../findings/worstFirst.ts";
import { type Column, csvHead, csvRows, rangeColumns } from "../http/csv.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import { refuseUnknown } from "./refuseUnknown.ts";

/** All findings that are asked for, worst first. Only their rows are held, and the findings of one bucket at a time. */
export async function findingsCsv(
	tables: Tables,
	{ filter, accepted }: FindingsQuery,
	at: string,
): Promise<Buffer[]> {
	const acceptance = acceptancesAt(await readAcceptances(tables), at);
	const rows: { readonly place: Place; readonly text: Buffer }[] = [];
	const seen: Pick<Finding, "cluster" | "subscription" | "budget">[] = [];
	for await (const findings of findingsMeant(tables, filter))
		for (const finding of findings) {
			const own = { ...finding, acceptance: acceptance(finding) };
			if (accepted !== undefined && (own.acceptance !== null) !== accepted)
				continue;
			rows.push({
				place: placeOf(own),
				text: Buffer.from(csvRows(columns, [own])),
			});
			const { cluster, subscription, budget } = own;
			seen.push({ cluster, subscription, budget });
		}
	await refuseUnknown(tables, filter, seen);
	const ordered = worstFirst(rows, ({ place }) => place);
	return [Buffer.from(csvHead(columns)), ...ordered.map(({ text }) => text)];
}

const columns: readonly Column<Finding>[] = [
	{ name: "id", value: ({ id }) => id },
	{ name: "severity", value: ({ severity }) => severity },
	{ name: "rule", value: ({ rule }) => rule },
	{ name: "headline", value: ({ headline }) => headline },
	{ name: "state", value: ({ state }) => state },
	{ name: "clusterName", value: ({ clusterName }) => clusterName },
	{ name: "cluster", value: ({ cluster }) => cluster },
	{ name: "subscription", value: ({ subscription }) => subscription },
	{ name: "budgetName", value: ({ budget }) => budget?.name ?? null },
	{ name: "budgetKind", value: ({ budget }) => budget?.kind ?? null },
	{ name: "budget", value: ({ budget }) => budget?.id ?? null },
	{
		name: "unit",
		value: ({ budget }) => budget && budgetKinds[budget.kind].unit,
	},
	{ name: "scenario", value: ({ scenario }) => scenario },
	{ name: "verdict", value: ({ verdict }) => verdict },
	...rangeColumns<Finding>("limit", ({ limit }) => limit),
	...rangeColumns<Finding>("demand", ({ demand }) => demand),
	...rangeColumns<Finding>("free", ({ free }) => free),
	{ name: "alsoIn", value: ({ alsoIn }) => alsoIn.join(" ") },
	{ name: "runwayDays", value: ({ runway }) => runway?.days ?? null },
	{ name: "remedy", value: ({ remedies }) => remedies[0]?.title ?? null },
	{ name: "owner", value: ({ acceptance }) => acceptance?.owner ?? null },
	{
		name: "acceptedBy",
		value: ({ acceptance }) => acceptance?.acceptedBy ?? null,
	},
	{
		name: "acceptedReason",
		value: ({ acceptance }) => acceptance?.reason ?? null,
	},
	{
		name: "acceptedUntil",
		value: ({ acceptance }) => acceptance?.expiry ?? null,
	},
	{ name: "firstSeen", value: ({ firstSeen }) => firstSeen },
	{ name: "changedAt", value: ({ changedAt }) => changedAt },
	{ name: "auditId", value: ({ auditId }) => auditId },
];
