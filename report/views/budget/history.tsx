import type { Runway } from "../../../shared/contract.ts";
import {
	forecastNeeds,
	leastDays,
} from "../../../shared/history/forecastNeeds.ts";
import { runwayText } from "../../../shared/history/runwayText.ts";
import { amount } from "../../../shared/model/amountText.ts";
import { budgetKinds } from "../../../shared/model/budgetKinds.ts";
import { words } from "../../../shared/model/range.ts";
import { plural } from "../../../shared/text.ts";
import { HistoryChart } from "../../charts/historyChart.tsx";
import { useLoaded } from "../../context.ts";
import type { BudgetLedger, History } from "../../data/answers.ts";
import { Reading } from "../../parts/loading.tsx";
import { Scroll } from "../../parts/scroll.tsx";
import { dayText, fullDateText, timeText } from "../../words.ts";

/** What the audits have seen of a budget over time. Nothing for kinds that do not fill up with a fleet. */
export function BudgetHistory({ budget }: { readonly budget: BudgetLedger }) {
	if (!budgetKinds[budget.kind].hasHistory) return null;
	return <KeptHistory id={budget.id} />;
}

function KeptHistory({ id }: { readonly id: string }) {
	const history = useLoaded(`history ${id}`, (data) => data.history(id));
	return (
		<figure class="history">
			<Reading
				of={history}
				missing={() => (
					<p class="noun">
						No history yet: no audit knew both its demand and its capacity.
					</p>
				)}
			>
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
					? noForecastText(points)
					: forecastText(runway, points.at(-1)?.at)}
			</figcaption>
			<details>
				<summary>{plural(points.length, "point")} as a table</summary>
				<Scroll of="History as a table">
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
				</Scroll>
			</details>
		</>
	);
}

/** "Full in about 23 days (15 to 40), from 30 points over 29 days: 13 Dec to 7 Jan." */
function forecastText(runway: Runway, from: string | undefined): string {
	if (from === undefined) return `${runwayText(runway)}.`;
	const { date, spread } = fullDateText(runway, from);
	return `${runwayText(runway)}: ${spread ?? date}.`;
}

/** Why there is no date at which it is full, and when there can be one. */
function noForecastText(points: History["points"]): string {
	const needs = forecastNeeds(points);
	if (needs === null)
		return "No date: the audits show no steady growth that fills it within a year.";
	const { days, from, hasNewCapacity } = needs;
	const since = hasNewCapacity ? " since the capacity changed" : "";
	return `${days} of ${leastDays} days with an audit${since}. A forecast needs ${leastDays} days over 3 weeks: ${dayText(from)} at the earliest.`;
}
