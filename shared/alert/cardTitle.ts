import { type Severity, severities } from "../contract.ts";
import { isPressing } from "../findings/ownVerdict.ts";
import { unitTexts } from "../model/amountText.ts";
import { budgetKinds, type Unit } from "../model/budgetKinds.ts";
import { capital, grouped, listed, plural } from "../text.ts";
import { changeText, counted, severitiesText } from "./cardText.ts";
import type { Digest, DigestLine } from "./digest.ts";

/**
 * How many clusters are short, and what is new of it, in one line. Numbers and our own words only, since Teams reads
 * markdown here.
 */
export function title(digest: Digest): string {
	if (digest.scope !== null)
		return digest.scope.changed
			? `After a change: ${changesTitle(digest)}`
			: `Checked ${plural(digest.coverage.clusters, "AKS cluster")} again: ${changesTitle(digest)}`;
	if (digest.kind === "changes") return capital(changesTitle(digest));
	const { short, lines } = digest;
	if (short.clusters > 0) return shortText(digest);
	return capital(toDo(lines) ?? nothingNewText(digest));
}

function changesTitle(digest: Digest): string {
	const { lines, short } = digest;
	const active = lines.filter(isActive);
	const shortOfNews = active.filter((line) => line.short.length > 0);
	if (shortOfNews.length > 0) return newsTitle(digest, shortOfNews);
	const news = toDo(active) ?? betterText(digest) ?? outOfReachText(digest);
	if (news === null && short.clusters === 0) return quiet(digest);
	const state = short.clusters > 0 ? shortText(digest, "still ") : null;
	const again = digest.weekly?.stillOpen ?? [];
	return [
		news ?? nothingNew(digest),
		state ?? (again.length > 0 ? `still ${toDo(again)}` : null),
	]
		.filter((part) => part !== null)
		.join("; ");
}

/** "New: 2 AKS clusters are short of IPs; 10 of 33 in all". */
function newsTitle(digest: Digest, lines: readonly DigestLine[]): string {
	const { short } = digest;
	const ids = new Set(lines.flatMap((line) => line.short));
	const isAll = ids.size >= short.clusters;
	const kinds = [...new Set(lines.map(({ change }) => changeText[change]))];
	const label = kinds.length > 2 ? "news" : listed(kinds, "or");
	const units = lines.flatMap(({ budget }) =>
		budget === null ? [] : [budgetKinds[budget.kind].unit],
	);
	const what = shortText({
		short: { clusters: ids.size, of: isAll ? short.of : null, units },
	});
	const start = digest.scope === null ? `${label}: ` : "";
	return `${start}${what}${isAll ? "" : `; ${figure(short)} in all`}`;
}

/** "10 of 33 AKS clusters are short of IPs". */
function shortText({ short }: Pick<Digest, "short">, still = ""): string {
	const { clusters, of, units } = short;
	const noun = clusters === 1 && of === null ? "AKS cluster" : "AKS clusters";
	const verb = clusters === 1 ? "is" : "are";
	return `${figure({ clusters, of })} ${noun} ${verb} ${still}short of ${lackOf(units)}`;
}

function figure({ clusters, of }: Pick<Digest["short"], "clusters" | "of">) {
	return of === null
		? grouped(clusters)
		: `${grouped(clusters)} of ${grouped(of)}`;
}

/** Blocks consist of IPs. */
function lackOf(units: readonly Unit[]): string {
	const names = units
		.toSorted()
		.map((unit) => unitTexts[unit === "blocks" ? "addresses" : unit]);
	return listed([...new Set(names)], "or") || "IPs";
}

/** "act on 2 AKS clusters". Null without lines that ask for it. */
function toDo(lines: readonly DigestLine[]): string | null {
	const pressing = lines.filter(isPressing);
	if (pressing.length > 0) return `act on ${clustersOf(pressing)}`;
	return lines.length > 0 ? `review ${clustersOf(lines)}` : null;
}

function clustersOf(lines: readonly DigestLine[]): string {
	const ids = lines.flatMap(({ clusters }) => clusters.map(({ id }) => id));
	return plural(new Set(ids).size, "AKS cluster");
}

function betterText(digest: Digest): string | null {
	const { lines } = digest;
	if (lines.length === 0) return null;
	const better = lines.filter((line) => line.change === "eased");
	return `${nothingNew(digest)}, ${counted([
		[findingsIn(lines) - findingsIn(better), "resolved"],
		[findingsIn(better), "better"],
	])}`;
}

function outOfReachText({ outOfReach }: Digest): string | null {
	return outOfReach.length > 0
		? `${plural(outOfReach.length, "subscription")} out of reach`
		: null;
}

export function findingsIn(lines: readonly DigestLine[]): number {
	return lines.reduce((sum, { findings }) => sum + findings, 0);
}

/** Nothing is told, and no cluster is short. Something can still be open that is severe: say so. */
function quiet(digest: Digest): string {
	const again = toDo(digest.weekly?.stillOpen ?? []);
	if (again !== null) return `${nothingNew(digest)}; still ${again}`;
	if (digest.weekly === null) return nothingNewText(digest);
	const { critical, high } = digest.open;
	const pressing = severitiesText({ critical, high });
	if (pressing) return `${nothingNew(digest)}; ${pressing} still open`;
	return digest.state === "partial"
		? `${nothingNew(digest)} in the part that was read`
		: `all quiet: ${quietPart(digest)}`;
}

function quietPart(digest: Digest): string {
	const { coverage, whole } = digest;
	if (!whole) return `${nothingNew(digest)} for this channel`;
	if (isAllClear(digest)) return nothingFound(digest);
	const judged = plural(
		coverage.clusters - coverage.notEvaluated,
		"AKS cluster",
	);
	return `${nothingNew(digest)} in ${judged}`;
}

function nothingNewText(digest: Digest): string {
	return isAllClear(digest)
		? nothingFound(digest)
		: "nothing new that is severe enough to list";
}

function nothingFound({ coverage }: Digest): string {
	return `nothing found in ${plural(coverage.clusters, "AKS cluster")}`;
}

/** Lower severities can have news that the card only counts. */
function nothingNew({ changes }: Digest): string {
	const { opened, worsened, reopened } = changes;
	return opened + worsened + reopened > 0
		? "nothing new to list"
		: "nothing new";
}

/** A channel without news says nothing about the clusters of other channels. */
function isAllClear({
	state,
	whole,
	coverage,
	open,
	accepted,
}: Digest): boolean {
	return (
		whole &&
		state === "completed" &&
		accepted === 0 &&
		coverage.notEvaluated === 0 &&
		severities.every((severity: Severity) => open[severity] === 0)
	);
}

export function isActive({ change }: DigestLine): boolean {
	return change !== "resolved" && change !== "eased";
}
