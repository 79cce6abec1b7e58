/** What a tight verdict depends on. */
export const decisions = {
	neighbors: "Short only if the neighbors grow to their maximum too",
	"pools-at-once": "Short only if all pools upgrade at once",
	"neighbors-and-pools-at-once":
		"Short only if the neighbors grow to their maximum and all pools upgrade at once",
	documentation:
		"Short only if a node uses max pods + 1 IPs, as documented. Nodes have used max pods - 1.",
	surge:
		"Short only with the full surge. AKS can upgrade with one surge node instead.",
	"full-surge":
		"Short only if all pools of a cluster upgrade at once, with the full surge",
	limit: "It depends on how much of the range is usable",
	observation: "It depends on what uses IPs now",
	several: "Short only if several of these happen together",
} as const;
