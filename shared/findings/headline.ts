import type { BudgetKind, BudgetName, Finding } from "../contract.ts";
import { whenFullText } from "../history/runwayText.ts";
import { scenarioText, shortText } from "../model/amountText.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import { words } from "../model/range.ts";
import { capital, grouped, shorten } from "../text.ts";

export const longestHeadline = 90;

/** What a headline is made of. */
export type HeadlineFacts = Pick<
	Finding,
	| "rule"
	| "budget"
	| "scenario"
	| "verdict"
	| "limit"
	| "demand"
	| "free"
	| "additionalNodes"
	| "runway"
	| "reasons"
>;

/** What is wrong, in one line. Names in it are other people's text. */
export function headlineOf(finding: HeadlineFacts): string {
	const { budget } = finding;
	if (budget === null) return ofCluster(finding);
	const forms = formsOf(finding, thingOf(budget.kind));
	return forms.length === 0
		? ofReason(finding)
		: withName(shortName(budget), forms);
}

/** A subnet without its network. A pod CIDR has its prefix length after the slash. */
export function shortName({
	kind,
	name,
}: Pick<BudgetName, "kind" | "name">): string {
	return kind === "pod-range" ? name : (name.split("/").at(-1) ?? name);
}

/** What comes before the name: "subnet"; of a limit of nodes, whose it is. */
function thingOf(kind: BudgetKind): string {
	const { unit, owner, noun } = budgetKinds[kind];
	return unit === "nodes" ? owner : noun;
}

function ofCluster(finding: HeadlineFacts): string {
	switch (finding.rule) {
		case "kubenet-retirement":
			return "The cluster uses kubenet, which Azure retires on 31 March 2028";
		case "not-evaluated":
			return "The cluster could not be fully checked";
		default:
			return ofReason(finding);
	}
}

/** The first reason has the numbers that a finding without amounts lacks. */
function ofReason({ rule, reasons }: HeadlineFacts): string {
	return shorten(capital(reasons[0]?.text ?? rule), longestHeadline);
}

/** The words before and after the name. */
type Form = readonly [string, string];

/** A headline's forms, the fullest first. None where the first reason says it. */
function formsOf(finding: HeadlineFacts, thing: string): readonly Form[] {
	const { rule, demand, limit, runway } = finding;
	const Thing = `${capital(thing)} `;
	switch (rule) {
		case "capacity-shortfall":
			return isExhausted(finding)
				? [[`No pool can add a node: ${thing} `, " is full"]]
				: [[Thing, `${shortfall(finding)}${when(finding)}`]];
		case "blocks-never-ready":
			return [
				[
					`Azure accepts nodes, but ${thing} `,
					`${shortfall(finding)}${when(finding)}`,
				],
				[`Azure accepts nodes, but ${thing} `, shortfall(finding)],
			];
		case "kubenet-shared-network":
			return [[Thing, ` is shared; kubenet supports one cluster per ${thing}`]];
		case "unbounded-growth":
			return [
				[`Auto-provisioning has no maximum; ${thing} `, roomText(finding)],
			];
		case "runway-short":
			return [
				[Thing, ` is full ${runway === null ? "soon" : whenFullText(runway)}`],
			];
		case "nearly-full":
			return [[Thing, ` is ${percentOf(finding)}% full${when(finding)}`]];
		case "max-pods-oversized":
			return [[Thing, " fits fewer than 3 nodes: max pods is too high"]];
		case "oversized-subnet":
			return [
				[
					Thing,
					` needs at most ${grouped(demand?.high ?? 0)} of its ${grouped(limit?.low ?? 0)} IPs`,
				],
			];
		case "not-evaluated":
			return [[Thing, " could not be checked"]];
		default:
			return [];
	}
}

/** Without room for this much of the name, a shorter form says more. */
const leastName = 12;

function withName(name: string, forms: readonly Form[]): string {
	const roomIn = ([before, after]: Form) =>
		longestHeadline - before.length - after.length;
	const least = Math.min(name.length, leastName);
	const form = forms.find((one) => roomIn(one) >= least) ?? forms.at(-1);
	if (form === undefined) return shorten(name, longestHeadline);
	return form.join(shorten(name, roomIn(form)));
}

/** No pool that grows has room for a node. What fails now or in an upgrade is worse news. */
function isExhausted({ reasons, scenario, verdict }: HeadlineFacts): boolean {
	const isWorse =
		verdict === "short" && (scenario === "today" || scenario === "upgrade");
	return !isWorse && reasons.some(({ kind }) => kind === "exhausted");
}

/** " is 12 to 41 IPs short", " can be up to 3 IPs short". */
function shortfall({ budget, free, verdict }: HeadlineFacts): string {
	if (budget === null || free === null) return " is short";
	const verb = verdict === "short" ? "is" : "can be";
	return ` ${verb} ${shortText(free, budgetKinds[budget.kind].unit)}`;
}

/** " for an upgrade". */
function when({ scenario }: HeadlineFacts): string {
	return scenario === null ? "" : ` ${scenarioText[scenario]}`;
}

/** " has room for 12 more nodes". */
function roomText({ additionalNodes }: HeadlineFacts): string {
	const [room] = Object.values(additionalNodes ?? {});
	if (room === undefined || room.high === null) return " can fill up";
	if (room.high <= 0) return " is full";
	const figure = words(room);
	return ` has room for ${figure} ${figure === "1" ? "node" : "nodes"}`;
}

/** At the high end, as the rule counts it. Whole percent, never more than there is. */
function percentOf({ demand, limit }: HeadlineFacts): number {
	return Math.floor(((demand?.high ?? 0) * 100) / (limit?.low || 1));
}
