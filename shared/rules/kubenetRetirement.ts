import {
	blockedText,
	keptText,
	migrationLimits,
	ofOwnTable,
} from "../remedies/migrateToOverlay.ts";
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
					text: "The network plugin is kubenet. Azure retires it on 31 March 2028.",
				},
			],
		};
	},
	clusterRemedies: ({ cluster }) => [
		{
			kind: "migrate-to-overlay",
			title: "Migrate the cluster to Azure CNI Overlay before 31 March 2028.",
			detail: [
				...(cluster === null
					? []
					: [...keptText(cluster), ...blockedText(cluster)]),
				...migrationLimits,
				ofOwnTable,
			],
			command: [],
		},
	],
};
