import { grouped, plural } from "../../../shared/text.ts";
import type { Overview } from "../../data/answers.ts";
import { BudgetLink } from "../../parts/budgetName.tsx";
import { findingsHash } from "../../route.ts";
import { ruleTitle } from "../../rules.ts";

type WonBack = Overview["reclaimable"]["oversizedSubnets"];

/** IPs that somebody could use otherwise, and where they are. */
export function Reclaimable({ overview }: { readonly overview: Overview }) {
	const { addresses, ...ways } = overview.reclaimable;
	return (
		<section class="panel" aria-labelledby="reclaimable">
			<h2 id="reclaimable">IPs that could be won back</h2>
			<p class="figure">{grouped(addresses)} IPs</p>
			{addresses === 0 && (
				<p class="quiet">The audit saw nothing to win back.</p>
			)}
			<Way won={ways.oversizedSubnets} rule="oversized-subnet">
				A subnet in use cannot be resized. Build a smaller one.
			</Way>
			<Way won={ways.wastedBlocks} rule="wasted-block" />
			<Way won={ways.oversizedMaxPods} rule="max-pods-oversized" />
			<Way won={ways.leftoverInterfaces} rule={null} />
		</section>
	);
}

function Way({
	won: { subnets, addresses, largest },
	rule,
	children,
}: {
	readonly won: WonBack;
	/** Null: no rule is about it. */
	readonly rule: string | null;
	readonly children?: string;
}) {
	if (addresses === 0) return null;
	const rest = subnets - largest.length;
	return (
		<section class="way">
			<h3>
				{grouped(addresses)} IPs:{" "}
				{rule === null ? (
					"network interfaces without a machine"
				) : (
					<a href={findingsHash({ rule })}>{ruleTitle(rule)}</a>
				)}
			</h3>
			{children !== undefined && <p class="quiet">{children}</p>}
			<ul>
				{largest.map((one) => (
					<li key={`${one.kind} ${one.id}`}>
						<strong class="amount">{grouped(one.addresses)}</strong>
						<span>
							<BudgetLink budget={one} cluster={undefined} />
						</span>
					</li>
				))}
				{rest > 0 && <li>and {plural(rest, "more subnet")}</li>}
			</ul>
		</section>
	);
}
