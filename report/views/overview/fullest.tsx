import { lastName } from "../../../shared/arm.ts";
import {
	type Range,
	type ScenarioName,
	scenarioNames,
} from "../../../shared/contract.ts";
import { amount, scenarioText } from "../../../shared/model/amountText.ts";
import { words } from "../../../shared/model/range.ts";
import { grouped } from "../../../shared/text.ts";
import { barOf } from "../../charts/bar.ts";
import { BarLegend, CapacityBar, Hatch } from "../../charts/capacityBar.tsx";
import type { ListedBudget, Overview } from "../../data/answers.ts";
import { BudgetLink, networkName } from "../../parts/budgetName.tsx";
import { VerdictMark } from "../../parts/verdict.tsx";
import { hashOf } from "../../route.ts";
import { freeText, fullDateText } from "../../words.ts";
import { inFillOrder } from "./fillOrder.ts";

type Full = Overview["fullest"][number];

/** The budgets that fill up first, each on a line. `from`: the audit's time, which dates count from. */
export function Fullest({
	budgets,
	from,
}: {
	readonly budgets: readonly Full[];
	readonly from: string;
}) {
	if (budgets.length === 0)
		return (
			<p class="quiet">
				The audit saw no subnet, pod CIDR or route table in use.
			</p>
		);
	return (
		<>
			<p class="quiet">
				The {grouped(budgets.length)} fullest at autoscaler max. What is short
				now comes first, then what is full soonest, then the fullest.
			</p>
			<Hatch />
			<BarLegend kinds={["nodes", "other", "growth", "surge"]} />
			<ol class="budgets">
				{inFillOrder(budgets).map((budget) => (
					<Line
						key={`${budget.kind} ${budget.id}`}
						budget={budget}
						from={from}
					/>
				))}
			</ol>
		</>
	);
}

function Line({
	budget,
	from,
}: {
	readonly budget: Full;
	readonly from: string;
}) {
	const { unit, verdict, clusters, limit, scenarios, fix } = budget;
	const [first] = clusters.ids;
	const network = networkName(budget);
	const worst = worstScenario(budget);
	const most = scenarios["full-upgrade"].demand;
	return (
		<li class="budget">
			<div class="what">
				<h3>
					<BudgetLink budget={budget} cluster={first} isShort />
				</h3>
				<p class="users">
					{network !== null && `in ${network} · `}
					{first !== undefined && (
						<a href={hashOf({ view: "cluster", id: first })}>
							{lastName(first)}
						</a>
					)}
					{clusters.count > 1 && ` and ${clusters.count - 1} more`}
				</p>
			</div>
			<CapacityBar bar={barOf(budget)} unit={unit} />
			<div class="sum">
				<p class="outcome">
					<VerdictMark verdict={verdict} />{" "}
					<strong>{freeText(scenarios[worst].free, unit)}</strong>{" "}
					{scenarioText[worst]}
				</p>
				<p class="amounts">
					Needs {mostText(most)}, has {amount(limit, unit)}
					<FullDate budget={budget} from={from} />
				</p>
			</div>
			{fix !== null && (
				<p class="fix">
					<span class="noun">
						{clusters.count > 1 ? `Fix for ${fix.clusterName}:` : "Fix:"}
					</span>{" "}
					<a href={hashOf({ view: "finding", id: fix.finding })}>{fix.title}</a>
				</p>
			)}
		</li>
	);
}

/** "up to 306", "at least 272" where there is no upper end. */
function mostText({ low, high }: Range): string {
	return high === null ? words({ low, high }) : `up to ${grouped(high)}`;
}

/** The least demanding scenario that comes out worst. */
function worstScenario({ scenarios, verdict }: ListedBudget): ScenarioName {
	if (verdict === "fits") return "full-upgrade";
	return (
		scenarioNames.find((name) => scenarios[name].verdict === verdict) ??
		"full-upgrade"
	);
}

function FullDate({
	budget: { runway },
	from,
}: {
	readonly budget: ListedBudget;
	readonly from: string;
}) {
	if (runway === null) return null;
	const { date, spread } = fullDateText(runway, from);
	return (
		<>
			{" · "}
			<strong class="date">full {date}</strong>
			{spread !== null && ` (${spread})`}
		</>
	);
}
