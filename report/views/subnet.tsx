import { lastName, networkOfSubnet } from "../../shared/arm.ts";
import { budgetKinds } from "../../shared/model/budgetKinds.ts";
import { capital, plural } from "../../shared/text.ts";
import { useLoaded } from "../context.ts";
import type { BudgetLedger, ListedBudget } from "../data/answers.ts";
import { ReadError, type ReportData } from "../data/reportData.ts";
import { Reading } from "../parts/loading.tsx";
import { PageHead } from "../parts/pageHead.tsx";
import { hashOf } from "../route.ts";
import { BudgetSection } from "./budget/section.tsx";
import { withEverybody } from "./budget/wholeSubnet.ts";

export function SubnetView({ id }: { readonly id: string }) {
	const found = useLoaded(`subnet ${id}`, (data) => subnetOf(data, id));
	const network = networkOfSubnet(id);
	return (
		<>
			<PageHead
				noun="subnet"
				id={id}
				findings={{ text: lastName(id), network }}
			>
				<p>
					In virtual network{" "}
					<a href={hashOf({ view: "network", id: network })}>
						{lastName(network)}
					</a>
				</p>
			</PageHead>
			<Reading of={found} missing={(reason) => <p>{reason}</p>}>
				{({ listed, ledgers }) => (
					<>
						<Users listed={listed} />
						{ledgers.map((budget) => (
							<BudgetSection key={budget.kind} budget={budget} cluster={null}>
								{capital(budgetKinds[budget.kind].noun)}
							</BudgetSection>
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
