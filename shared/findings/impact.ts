import type { Finding } from "../contract.ts";
import { runwayText } from "../history/runwayText.ts";
import { words } from "../model/range.ts";
import { capital, sentences } from "../text.ts";

/** Two rows on a phone. */
export const longestImpact = 70;

/** What an impact is made of. */
export type ImpactFacts = Pick<
	Finding,
	"headline" | "reasons" | "additionalNodes" | "runway" | "lastKnown"
>;

/** What follows from a finding, in one or two of its own sentences. Null where its headline says all there is. */
export function impactOf(finding: ImpactFacts): string | null {
	const { headline, lastKnown } = finding;
	if (lastKnown !== null)
		return leading(sentences(["The figures are older", lastKnown.cause]));
	const what = whatFollows(finding);
	if (what === null) return null;
	const full = isFull(finding) && !headline.startsWith(noPool);
	const both = sentences([what, ...(full ? [noPoolNow] : [])]);
	return both.length <= longestImpact ? both : leading(what);
}

/** Azure's answer comes first, since it says what fails. */
function whatFollows(finding: ImpactFacts): string | null {
	const { headline, reasons, runway } = finding;
	const texts = reasons
		.map(({ kind, text }) => ({ kind, text: capital(text) }))
		.filter(({ text }) => text !== headline);
	const ofKind = (asked: string) =>
		texts.find(({ kind }) => kind === asked)?.text;
	return (
		withoutFigures(ofKind("azure")) ??
		ofKind("cause") ??
		additionalNodesText(finding) ??
		(runway && runwayText(runway)) ??
		texts[0]?.text ??
		null
	);
}

/** The figures of Azure's check are the last sentence, in parentheses. */
function withoutFigures(text: string | undefined): string | undefined {
	return text?.replace(/ \([^()]*\)$/, "");
}

/** As many whole sentences as fit, and always the first. */
function leading(text: string): string {
	const [first = "", ...others] = text.split(/(?<=[.!?]) (?=[A-Z])/);
	return others.reduce((kept, sentence) => {
		const longer = `${kept} ${sentence}`;
		return longer.length <= longestImpact ? longer : kept;
	}, first);
}

const noPool = "No pool can add a node";
const noPoolNow = `${noPool} now`;

type Pools = NonNullable<Finding["additionalNodes"]>;

function poolsOf({ additionalNodes }: Pick<Finding, "additionalNodes">) {
	return Object.entries<Pools[string]>(additionalNodes ?? {});
}

function hasNoRoom({ high }: Pools[string]): boolean {
	return high !== null && high <= 0;
}

function isFull(finding: Pick<Finding, "additionalNodes">): boolean {
	const pools = poolsOf(finding);
	return pools.length > 0 && pools.every(([, room]) => hasNoRoom(room));
}

/** "Pool apps can add 2 to 4 nodes now": the pool with the fewest, since it stops first. Null without pools. */
export function additionalNodesText(
	finding: Pick<Finding, "additionalNodes">,
): string | null {
	const pools = poolsOf(finding);
	if (pools.length > 1 && isFull(finding)) return noPoolNow;
	const [worst] = pools.sort(
		([, a], [, b]) =>
			(a.low ?? -1) - (b.low ?? -1) ||
			(a.high ?? boundless) - (b.high ?? boundless),
	);
	if (worst === undefined) return null;
	const [pool, room] = worst;
	if (hasNoRoom(room)) return `Pool ${pool} cannot add a node now`;
	const figure = words(room);
	return `Pool ${pool} can add ${figure} ${figure === "1" ? "node" : "nodes"} now`;
}

const boundless = Number.MAX_SAFE_INTEGER;
