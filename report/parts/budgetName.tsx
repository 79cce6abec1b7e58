import { networkOfBudget } from "../../shared/arm.ts";
import type { BudgetName as Budget } from "../../shared/contract.ts";
import { budgetKinds } from "../../shared/model/budgetKinds.ts";
import { hashOf } from "../route.ts";

/** A budget by what it is and its name, with a link to its page. `cluster`: the page for one that has none of its own. */
export function BudgetLink({
	budget,
	cluster,
	isShort = false,
}: {
	readonly budget: Budget;
	readonly cluster: string | undefined;
	/** Its network is said elsewhere. */
	readonly isShort?: boolean;
}) {
	const href = budgetHash(budget, cluster);
	const [network, subnet] = partsOf(budget);
	return (
		<>
			<span class="noun">{budgetKinds[budget.kind].noun}</span>{" "}
			{href === null ? subnet : <a href={href}>{subnet}</a>}
			{network !== null && !isShort && <span class="noun"> in {network}</span>}
		</>
	);
}

export function budgetHash(
	{ id, kind }: Budget,
	cluster: string | undefined,
): string | null {
	switch (kind) {
		case "subnet":
		case "pod-subnet":
		case "pod-blocks":
		case "api-server-subnet":
			return hashOf({ view: "subnet", id });
		case "virtual-network":
			return hashOf({ view: "network", id });
		case "pod-range":
		case "routes":
		case "cluster-nodes":
		case "pool-nodes":
			return cluster === undefined
				? null
				: hashOf({ view: "cluster", id: cluster });
	}
}

/** The name of the network that a budget is in. */
export function networkName(budget: Budget): string | null {
	return partsOf(budget)[0];
}

/** The network and the subnet of `network/subnet`. */
function partsOf({ id, kind, name }: Budget): [string | null, string] {
	const at = name.indexOf("/");
	return at < 0 || kind === "pod-range" || networkOfBudget(id) === null
		? [null, name]
		: [name.slice(0, at), name.slice(at + 1)];
}
