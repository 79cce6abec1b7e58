import { lastName } from "../../../shared/arm.ts";
import { scenarioNames } from "../../../shared/contract.ts";
import { scenarioText } from "../../../shared/model/amountText.ts";
import { plural } from "../../../shared/text.ts";
import { barOf } from "../../charts/bar.ts";
import { CapacityBar } from "../../charts/capacityBar.tsx";
import type { ListedBudget } from "../../data/answers.ts";
import { BudgetLink } from "../../parts/budgetName.tsx";
import { VerdictMark } from "../../parts/verdict.tsx";
import { hashOf } from "../../route.ts";
import { freeText, fullDateText } from "../../words.ts";

/** The budgets that fill up first, each on a line. `from`: the audit's time, which dates count from. */
export function Fullest({
	budgets,
	from,
}: {
	readonly budgets: readonly ListedBudget[];
	readonly from: string;
}) {
	if (budgets.length === 0)
		return <p class="quiet">The audit saw nothing that nodes use.</p>;
	return (
		<ol class="budgets">
			{budgets.map((budget) => (
				<Line key={`${budget.kind} ${budget.id}`} budget={budget} from={from} />
			))}
		</ol>
	);
}

function Line({
	budget,
	from,
}: {
	readonly budget: ListedBudget;
	readonly from: string;
}) {
	const { unit, verdict, clusters } = budget;
	const [first] = clusters.ids;
	return (
		<li class="budget">
			<h3>
				<BudgetLink budget={budget} cluster={first} />
			</h3>
			<p class="users">
				{first !== undefined && (
					<a href={hashOf({ view: "cluster", id: first })}>{lastName(first)}</a>
				)}
				{clusters.count > 1 && ` and ${clusters.count - 1} more`}
			</p>
			<CapacityBar bar={barOf(budget)} unit={unit} />
			<p class="outcome">
				<VerdictMark verdict={verdict} /> {worstText(budget)}
			</p>
			<FullDate budget={budget} from={from} />
		</li>
	);
}

/** "12 to 41 IPs short for an upgrade": the least demanding scenario that comes out worst. */
function worstText({ scenarios, verdict, unit }: ListedBudget): string {
	const worst =
		verdict === "fits"
			? "full-upgrade"
			: (scenarioNames.find((name) => scenarios[name].verdict === verdict) ??
				"full-upgrade");
	return `${freeText(scenarios[worst].free, unit)} ${scenarioText[worst]}`;
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
		<p class="date">
			full {date}
			{spread !== null && <span class="noun"> ({spread})</span>}
			<span class="visually-hidden">
				{`, from ${plural(runway.points, "point")}`}
			</span>
		</p>
	);
}
