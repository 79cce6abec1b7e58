import { blockedText, keptText } from "../remedies/migrateToOverlay.ts";
import { noAmounts, type Rule } from "./rule.ts";

/** Azure retires kubenet on 31 March 2028 (Azure/AKS#4859). */
export const kubenetRetirement: Rule = {
	id: "kubenet-retirement",
	title: "Uses kubenet, which Azure retires on 31 March 2028",
	check: ({ kubenet, cluster }) => {
		if (kubenet === null) return [{ kind: "not-evaluated", budget: null }];
		if (!kubenet) return [{ kind: "fine", budget: null }];
		return [
			{
				kind: "violated",
				severity: "low",
				budget: null,
				...noAmounts,
				reasons: [
					{
						kind: "cause",
						text: "the network plugin is kubenet; Azure retires it on 31 March 2028",
					},
				],
				remedies: [
					{
						kind: "migrate-to-overlay",
						text: `Migrate to Azure CNI Overlay, in place: all pools are reimaged at once, it cannot be undone, Kubernetes 1.27 or later, network policy engine uninstalled first; a cluster with its own route table needs a user-assigned identity.${cluster === null ? "" : `${keptText(cluster)}${blockedText(cluster)}`}`,
					},
				],
			},
		];
	},
};
