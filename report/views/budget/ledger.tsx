import { scenarioNames } from "../../../shared/contract.ts";
import {
	amount,
	otherResourceNames,
	scenarioLabels,
} from "../../../shared/model/amountText.ts";
import { words } from "../../../shared/model/range.ts";
import { plural } from "../../../shared/text.ts";
import { ScenarioBars } from "../../charts/scenarioBars.tsx";
import type { BudgetLedger } from "../../data/answers.ts";
import { PreflightText } from "../../parts/preflight.tsx";
import { BudgetHistory } from "./history.tsx";
import { Uses } from "./uses.tsx";

/** All of one budget: the scenarios, who uses it, what else does, Azure's check, and its history. */
export function Ledger({
	budget,
	cluster,
}: {
	readonly budget: BudgetLedger;
	/** The cluster of the page. Null: the budget's own page. */
	readonly cluster: string | null;
}) {
	const { azure, shared, unit, unseen } = budget;
	// Azure's check and the sums are those of one cluster.
	const isWhole = cluster === null && shared.length > 1;
	const neighbors = shared.filter((id) => id !== cluster).length;
	return (
		<>
			{unseen.map(({ reason }) => (
				<p class="notice" key={reason}>
					Not seen: {reason}
				</p>
			))}
			{cluster !== null && neighbors > 0 && (
				<p class="noun">Shared with {plural(neighbors, "neighbor")}</p>
			)}
			{isWhole && (
				<p class="noun">
					At autoscaler max: all {shared.length} clusters at the same time.
				</p>
			)}
			<ScenarioBars budget={budget} />
			<dl class="facts">
				<dt>Used now</dt>
				<dd>{observedText(budget)}</dd>
				<dt>Other resources</dt>
				<dd>{othersText(budget)}</dd>
				{!isWhole && (
					<>
						<dt>Azure's own check</dt>
						<dd>
							<PreflightText azure={azure} unit={unit} />
						</dd>
					</>
				)}
			</dl>
			<Uses budget={budget} cluster={cluster} isWhole={isWhole} />
			{isWhole ? (
				<p class="noun">
					Each cluster's page has Azure's own check, the sums, and how many
					nodes it can add.
				</p>
			) : (
				<Sums budget={budget} />
			)}
			<BudgetHistory budget={budget} />
		</>
	);
}

function observedText({ observed, unit }: BudgetLedger): string {
	const { low, high } = observed;
	return low === 0 && high === null
		? "Azure does not show it"
		: amount(observed, unit);
}

/** "10 (3 private endpoints, 7 load balancer frontends)". */
function othersText({
	otherResources,
	otherResourcesByKind,
	otherResourcesReason,
	unit,
}: BudgetLedger): string {
	const kinds = (otherResourcesByKind ?? []).map(({ kind, addresses }) => {
		const [one, several] = otherResourceNames[kind];
		const figure = words(addresses);
		return `${figure} ${figure === "1" ? one : several}`;
	});
	const all = [kinds.join(", "), otherResourcesReason]
		.filter((text) => text !== null && text !== "")
		.join(". ");
	return `${amount(otherResources, unit)}${all === "" ? "" : ` (${all})`}`;
}

/** Where each number is from, for who wants to know. */
function Sums({ budget: { scenarios } }: { readonly budget: BudgetLedger }) {
	return (
		<details>
			<summary>The sums behind it</summary>
			{scenarioNames.map((name) => {
				const { entries, podsPerNode, stranded } = scenarios[name];
				if (entries.length === 0) return null;
				return (
					<section key={name}>
						<h3>{scenarioLabels[name]}</h3>
						<ul class="sums">
							{entries.map(({ cluster, pool, source, reasons }) => (
								<li key={`${cluster} ${pool}`}>
									{reasons.map(({ text }) => text).join(". ")}{" "}
									<span class="noun">({source})</span>
								</li>
							))}
							{Object.entries(podsPerNode ?? {}).map(([pool, pods]) => (
								<li key={pool}>
									{pool}: {words(pods)} pods per node on average
								</li>
							))}
							{stranded !== null && (
								<li>
									{plural(stranded.high ?? stranded.low ?? 0, "IP")} too few for
									a whole batch
								</li>
							)}
						</ul>
					</section>
				);
			})}
		</details>
	);
}
