import { otherResourceNames } from "./amountText.ts";
import { words } from "./range.ts";
import { otherResourcesExceed, resourcesByKind } from "./resourcesByKind.ts";
import type { View } from "./view.ts";

/**
 * "3 private endpoints, 2 load balancer frontends, 1 of unknown type". Null where there are none, or where no subnet is meant.
 */
export function otherResourcesText(view: View): string | null {
	if (view.budget.kind !== "subnet") return null;
	const otherResourcesByKind = resourcesByKind(view);
	if (otherResourcesByKind === null)
		return "unknown which ones, since rows are missing";
	if (otherResourcesByKind.length === 0) return null;
	return otherResourcesByKind
		.map(({ kind, addresses }) => {
			const figure = words(addresses);
			const [one, several] = otherResourceNames[kind];
			return `${figure} ${figure === "1" ? one : several}`;
		})
		.join(", ");
}

/** Why the kinds add up to more than the number of other resources. Null where they do not. */
export function otherResourcesExceedText(view: View): string | null {
	switch (otherResourcesExceed(view)) {
		case "nodes":
			return "The kinds add up to more than this number. The nodes use less than the high end of their models.";
		case "age":
			return "The kinds add up to more than the nodes leave free. The data differs in age.";
		case null:
			return null;
	}
}
