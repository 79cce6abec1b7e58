import { blockedText, keptText } from "../remedies/migrateToOverlay.ts";
import type { Rule } from "./rule.ts";

/** Azure retires kubenet on 31 March 2028 (Azure/AKS#4859). */
export const kubenetRetirement: Rule = {
	id: "kubenet-retirement",
	since: 1,
	title: "Uses kubenet, which Azure retires on 31 March 2028",
	checkCluster: ({ kubenet }) => {
		if (kubenet === null) return { kind: "not-evaluated" };
		if (!kubenet) return { kind: "fine" };
		return {
			kind: "violated",
			severity: "low",
			reasons: [
				{
					kind: "cause",
					text: "the network plugin is kubenet; Azure retires it on 31 March 2028",
				},
			],
		};
	},
	clusterRemedies: ({ cluster }) => [
		{
			kind: "migrate-to-overlay",
			text: `Migrate to Azure CNI Overlay, in place: all pools are reimaged at once, it cannot be undone, Kubernetes 1.27 or later, network policy engine uninstalled first; a cluster with its own route table needs a user-assigned identity.${cluster === null ? "" : `${keptText(cluster)}${blockedText(cluster)}`}`,
		},
	],
};
