import type {
	CheckAnswer,
	CheckedAmount,
	CheckedBudget,
	CheckedCluster,
} from "../../../shared/checks/contract.ts";
import type { ScenarioName } from "../../../shared/contract.ts";
import { freeAndVerdict } from "../../../shared/model/range.ts";

const base =
	"/subscriptions/11111111-2222-3333-4444-555555555555/resourcegroups/rg/providers";

/** An amount of a subnet with this capacity. */
export function amountOf(
	capacity: number,
	low: number,
	high: number | null,
): CheckedAmount {
	const demand = { low, high };
	return {
		demand,
		...freeAndVerdict({ low: capacity, high: capacity }, demand),
	};
}

export function subnetOf(
	over: Partial<CheckedBudget> & {
		readonly beforeUpgrade: CheckedAmount;
		readonly afterUpgrade: CheckedAmount;
	},
): CheckedBudget {
	const { beforeUpgrade, afterUpgrade, ...rest } = over;
	const limit = { low: 251, high: 251 };
	const state = (upgrade: CheckedAmount) => ({
		limit,
		scenarios: { upgrade } satisfies Partial<
			Record<ScenarioName, CheckedAmount>
		>,
	});
	return {
		id: `${base}/microsoft.network/virtualnetworks/vnet/subnets/snet-a`,
		kind: "subnet",
		name: "vnet/snet-a",
		unit: "addresses",
		verdict: afterUpgrade.verdict,
		before: state(beforeUpgrade),
		after: state(afterUpgrade),
		transition: null,
		azure: null,
		...rest,
	};
}

export function clusterOf(
	name: string,
	asked: boolean,
	budgets: readonly CheckedBudget[],
): CheckedCluster {
	return {
		cluster: `${base}/microsoft.containerservice/managedclusters/${name}`,
		clusterName: name,
		asked,
		verdict: budgets[0]?.verdict ?? "fits",
		verdictBefore: "fits",
		notEvaluated: null,
		budgets,
	};
}

export function answerOf(over: Partial<CheckAnswer>): CheckAnswer {
	return {
		verdict: "fits",
		readAt: "2026-11-28T08:16:00.000Z",
		sources: [
			{ id: "a", source: "arm", readAt: "2026-11-28T08:16:01.000Z" },
			{ id: "b", source: "resource-graph", readAt: "2026-11-28T08:16:00.000Z" },
		],
		clusters: [],
		oneAfterTheOther: null,
		azure: null,
		findings: [],
		remedies: [],
		gaps: [],
		ignored: [],
		...over,
	};
}
