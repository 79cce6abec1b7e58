import { lastName, networkOfSubnet } from "../../shared/arm.ts";
import { scenarioNames } from "../../shared/contract.ts";
import { budgetKinds } from "../../shared/model/budgetKinds.ts";
import { plural } from "../../shared/text.ts";
import { useLoaded } from "../context.ts";
import type { BudgetLedger, ListedBudget } from "../data/answers.ts";
import { ReadError, type ReportData } from "../data/reportData.ts";
import { Reading } from "../parts/loading.tsx";
import { PortalLink } from "../parts/portal.tsx";
import { VerdictMark } from "../parts/verdict.tsx";
import { findingsHash, hashOf } from "../route.ts";
import { Ledger } from "./budget/ledger.tsx";
import { worstOf } from "./cluster.tsx";

export function SubnetView({ id }: { readonly id: string }) {
	const found = useLoaded(`subnet ${id}`, (data) => subnetOf(data, id));
	const network = networkOfSubnet(id);
	return (
		<>
			<h1>
				<span class="noun">subnet</span> {lastName(id)}
			</h1>
			<p class="id">
				{id} <PortalLink id={id} />
			</p>
			<p>
				In virtual network{" "}
				<a href={hashOf({ view: "network", id: network })}>
					{lastName(network)}
				</a>
			</p>
			<p>
				<a href={findingsHash({ text: lastName(id), network })}>Its findings</a>
			</p>
			<Reading of={found} missing={(reason) => <p>{reason}</p>}>
				{({ listed, ledgers }) => (
					<>
						<Users listed={listed} />
						{ledgers.map((budget) => (
							<section class="ledger" key={budget.kind}>
								<h2>
									As {budgetKinds[budget.kind].noun}{" "}
									<VerdictMark verdict={worstOf(budget)} />
								</h2>
								<Ledger budget={budget} cluster={null} />
							</section>
						))}
					</>
				)}
			</Reading>
		</>
	);
}

function Users({ listed }: { readonly listed: readonly ListedBudget[] }) {
	const clusters = [...new Set(listed.flatMap(({ clusters }) => clusters.ids))];
	return (
		<p>
			Used by {plural(clusters.length, "cluster")}:{" "}
			{clusters.map((one, index) => (
				<>
					{index > 0 && ", "}
					<a href={hashOf({ view: "cluster", id: one })}>{lastName(one)}</a>
				</>
			))}
		</p>
	);
}

/** The budgets of a subnet, with the sums that the capacity of one of its clusters has. */
async function subnetOf(
	data: ReportData,
	id: string,
): Promise<{
	readonly listed: readonly ListedBudget[];
	readonly ledgers: readonly BudgetLedger[];
}> {
	const listed: ListedBudget[] = [];
	let continuation: string | null = null;
	do {
		const page: Awaited<ReturnType<ReportData["budgets"]>> = await data.budgets(
			{ network: [networkOfSubnet(id)] },
			continuation,
		);
		listed.push(...page.budgets.filter((one) => one.id === id));
		continuation = page.continuation;
	} while (continuation !== null);
	const [first] = listed.flatMap(({ clusters }) => clusters.ids);
	if (first === undefined)
		throw new ReadError(404, "The newest audit saw no cluster in this subnet.");
	const ledgers = await Promise.all(
		[
			...new Set(listed.flatMap(({ clusters }) => clusters.ids.slice(0, 1))),
		].map((cluster) => data.capacity(cluster)),
	);
	const byKind = new Map(
		ledgers
			.flatMap(({ budgets }) => budgets)
			.filter((budget) => budget.id === id)
			.map((budget) => {
				const whole = listed.find(({ kind }) => kind === budget.kind);
				return [budget.kind, whole ? withEverybody(budget, whole) : budget];
			}),
	);
	return { listed, ledgers: [...byKind.values()] };
}

/**
 * The sums of one cluster leave its neighbors between now and their maximum. The list of budgets has everybody at
 * autoscaler max, as the overview shows it: a shared subnet must not fit here and be short there.
 */
function withEverybody(
	budget: BudgetLedger,
	whole: ListedBudget,
): BudgetLedger {
	if (whole.clusters.count < 2) return budget;
	const { scenarios } = budget;
	const changed = { ...scenarios };
	for (const name of scenarioNames)
		changed[name] = {
			...scenarios[name],
			...whole.scenarios[name],
			decidedBy: null,
		};
	return { ...budget, limit: whole.limit, scenarios: changed };
}
