import { beforeEach, expect, it } from "vitest";
import { findingLines } from "../../shared/audit/findingLines.ts";
import { findingsCsv } from "../../shared/audit/findingsCsv.ts";
import { findingsPage } from "../../shared/audit/findingsPage.ts";
import { putAcceptance } from "../../shared/azure/acceptanceStore.ts";
import {
	findingsPartition,
	rowKey,
} from "../../shared/azure/findingBuckets.ts";
import {
	addLines,
	bucketBefore,
	writeFindings,
} from "../../shared/azure/findingStore.ts";
import { openLines } from "../../shared/azure/openLines.ts";
import { pack, properties } from "../../shared/azure/pack.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import type { Finding } from "../../shared/contract.ts";
import { finding as example } from "../../shared/http/examples.ts";
import { bucketOf } from "../../shared/keys/buckets.ts";
import { sharedStorage, tablesOf } from "../workflow/storage.ts";
import { watched } from "./watched.ts";

const now = "2026-11-28T06:00:00.000Z";
const audit = "20261128T050000000Z-aaaaaaaa";
const open = {
	filter: { state: "open" as const },
	accepted: undefined,
	list: "",
	continuation: undefined,
	format: "json" as const,
};

const storage = sharedStorage();
let tables: Tables;

beforeEach(async () => {
	tables = await tablesOf(storage.next());
});

/** Of a cluster in a bucket of its own. */
const one = of("one", "critical");
const two = of("two", "high");
const three = of("three", "low");

function of(cluster: string, severity: Finding["severity"]): Finding {
	const id = `/subscriptions/s/resourcegroups/g/providers/microsoft.containerservice/managedclusters/${cluster}`;
	return {
		...example,
		id: cluster,
		cluster: id,
		clusterName: cluster,
		severity,
		acceptance: null,
	};
}

function keysOf({ cluster }: Finding) {
	return {
		partitionKey: findingsPartition,
		rowKey: rowKey("open", bucketOf(cluster)),
	};
}

/** As a release without lines writes it, whatever is there. */
async function writeAsBefore(finding: Finding): Promise<void> {
	await tables.results.upsertEntity(
		{
			...keysOf(finding),
			auditId: audit,
			oldestResolvedAt: "9999",
			...properties((await pack([finding])).bytes, "o"),
			...properties((await pack({ open: [], reopened: [] })).bytes, "b"),
		},
		"Replace",
	);
}

async function breakWhole(finding: Finding): Promise<void> {
	const broken = { ...keysOf(finding), o0: Buffer.from("broken") };
	await tables.results.updateEntity(broken, "Merge");
}

async function listed() {
	const page = await findingsPage(tables, open, 10, now);
	const lines = await findingLines(tables, open, now);
	expect(lines.map(({ id, severity }) => [id, severity])).toEqual(
		page.findings.map(({ id, severity }) => [id, severity]),
	);
	return page.findings.map(({ id, severity }) => `${id} ${severity}`);
}

it("takes one request for a list of lines, or for a page of findings", async () => {
	await writeFindings(tables, audit, [one, two, three]);
	const { client, filters } = watched(tables.results);
	const watching = { ...tables, results: client };
	expect(await openLines(watching)).toHaveLength(3);
	expect(filters).toHaveLength(1);
	const page = await findingsPage(watching, open, 2, now);
	expect(page.findings).toEqual([one, two]);
	expect(filters).toHaveLength(2);
});

it("unpacks whole findings only of buckets that are on the page", async () => {
	await writeFindings(tables, audit, [one, two, three]);
	await breakWhole(three);
	expect(await openLines(tables)).toHaveLength(3);
	const first = await findingsPage(tables, open, 2, now);
	expect(first.findings.map(({ id }) => id)).toEqual(["one", "two"]);
	const continuation = first.continuation ?? "";
	await expect(
		findingsPage(tables, { ...open, continuation }, 2, now),
	).rejects.toThrow();
});

it("shows findings that a release without lines wrote, all or some of them", async () => {
	await writeAsBefore(one);
	await writeAsBefore(two);
	expect(await listed()).toEqual(["one critical", "two high"]);
	await writeFindings(tables, audit, [three]);
	expect(await listed()).toEqual(["one critical", "two high", "three low"]);
	// A rollback: the older release writes over lines that it does not know.
	await writeAsBefore({ ...three, severity: "medium" });
	expect(await listed()).toEqual(["one critical", "two high", "three medium"]);
});

it("adds lines once to what a release without them wrote, and changes nothing else", async () => {
	await writeAsBefore(one);
	await writeFindings(tables, audit, [two]);
	const before = await listed();
	await addLines(tables);
	await breakWhole(one);
	expect((await openLines(tables)).map(({ id }) => id).sort()).toEqual([
		"one",
		"two",
	]);
	await tables.results.deleteEntity(findingsPartition, keysOf(one).rowKey);
	await writeAsBefore(one);
	await addLines(tables);
	expect(await listed()).toEqual(before);
	expect(
		(await bucketBefore(tables, bucketOf(one.cluster), audit)).open,
	).toEqual([]);
	const { client, transactions } = watched(tables.results);
	await addLines({ ...tables, results: client });
	expect(transactions).toEqual([]);
});

it("has the lines of each write, of resolved ones none", async () => {
	await writeFindings(tables, audit, [one, two]);
	await writeFindings(tables, audit, [
		{ ...one, severity: "medium" },
		{ ...two, state: "resolved" },
	]);
	expect(await listed()).toEqual(["one medium"]);
	const all = await findingLines(
		tables,
		{ ...open, filter: { state: "all" } },
		now,
	);
	expect(all.map(({ id, state }) => [id, state])).toEqual([
		["one", "open"],
		["two", "resolved"],
	]);
});

it("has in a CSV who accepted a finding, and the owner, by the names of the API", async () => {
	await writeFindings(tables, audit, [one, two]);
	await putAcceptance(tables, {
		reason: "known",
		owner: "team-net",
		expiry: "2027-01-01T00:00:00.000Z",
		by: "finding",
		acceptedBy: "ada@contoso.example",
		acceptedAt: now,
		covers: { finding: one.id, rule: null, cluster: null, budget: null },
	});
	const text = Buffer.concat(await findingsCsv(tables, open, now)).toString();
	const [head, first, second] = text.split("\r\n");
	expect(head).toContain(
		',"owner","acceptedBy","acceptedReason","acceptedUntil",',
	);
	expect(first).toContain(
		',"team-net","ada@contoso.example","known","2027-01-01T00:00:00.000Z",',
	);
	expect(second).toContain(',,,,,"2026-');
});
