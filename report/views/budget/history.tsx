import { runwayText } from "../../../shared/history/runwayText.ts";
import { amount } from "../../../shared/model/amountText.ts";
import { budgetKinds } from "../../../shared/model/budgetKinds.ts";
import { words } from "../../../shared/model/range.ts";
import { plural } from "../../../shared/text.ts";
import { HistoryChart } from "../../charts/historyChart.tsx";
import { useLoaded } from "../../context.ts";
import type { BudgetLedger, History } from "../../data/answers.ts";
import { Reading } from "../../parts/loading.tsx";
import { timeText } from "../../words.ts";

/** What the audits have seen of a budget over time. Nothing for kinds that do not fill up with a fleet. */
export function BudgetHistory({ budget }: { readonly budget: BudgetLedger }) {
	if (!budgetKinds[budget.kind].hasHistory) return null;
	return <KeptHistory id={budget.id} />;
}

function KeptHistory({ id }: { readonly id: string }) {
	const history = useLoaded(`history ${id}`, (data) => data.history(id));
	return (
		<figure class="history">
			<Reading of={history} missing={() => <p class="noun">No history yet.</p>}>
				{(value) => <Content history={value} />}
			</Reading>
		</figure>
	);
}

function Content({ history }: { readonly history: History }) {
	const { points, runway, unit } = history;
	return (
		<>
			<h3>History</h3>
			{points.length > 1 && (
				<>
					<ul class="legend" aria-label="Lines of the chart">
						<li class="demand">demand</li>
						<li class="full">demand at autoscaler max</li>
						<li class="limit">capacity</li>
						{runway !== null && <li class="forecast">forecast</li>}
					</ul>
					<HistoryChart history={history} />
				</>
			)}
			<figcaption>
				{runway === null
					? "This history gives no estimate of when it is full."
					: `${runwayText(runway)}.`}
			</figcaption>
			<details>
				<summary>{plural(points.length, "point")} as a table</summary>
				<div class="scroll">
					<table>
						<thead>
							<tr>
								<th scope="col">Audit</th>
								<th scope="col">Demand</th>
								<th scope="col">At autoscaler max</th>
								<th scope="col">Capacity</th>
							</tr>
						</thead>
						<tbody>
							{points.toReversed().map(({ at, demand, full, limit }) => (
								<tr key={at}>
									<th scope="row">{timeText(at)}</th>
									<td>{amount(demand, unit)}</td>
									<td>{words(full)}</td>
									<td>{words(limit)}</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			</details>
		</>
	);
}
