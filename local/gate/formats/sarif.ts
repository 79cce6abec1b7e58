import { createHash } from "node:crypto";
import type { Log, Result } from "sarif";
import type { Verdict } from "../../../shared/contract.ts";
import { programVersion } from "../../../shared/version.ts";
import type { GateResult } from "../result.ts";

const rules = [
	{
		id: "change-short",
		shortDescription: { text: "The change does not fit" },
		fullDescription: {
			text: "With the change, a subnet, pod CIDR or route table is short for the nodes that it has to hold.",
		},
		help: {
			text: "Use a larger subnet, fewer nodes at autoscaler max, or a smaller max surge. The message says by how much it is short.",
		},
	},
	{
		id: "change-tight",
		shortDescription: { text: "The change may not fit" },
		fullDescription: {
			text: "The change fits only if neighbors do not grow, or if not all pools upgrade at once.",
		},
		help: {
			text: "Leave room for neighbors and upgrades, or let the gate pass with --fail-on short.",
		},
	},
	{
		id: "change-unknown",
		shortDescription: { text: "It is not known whether the change fits" },
		fullDescription: {
			text: "Something that the answer needs is known only after the change, or cannot be read.",
		},
		help: {
			text: "The message says what is not known. Give the identity read access, or set the value in the plan.",
		},
	},
];

const levels = {
	short: "error",
	tight: "warning",
	unknown: "warning",
} as const satisfies Partial<Record<Verdict, Result.level>>;

/**
 * SARIF 2.1.0 for code scanning, which shows only results in a file: all point to the first line of `location`, since a plan has
 * no lines.
 */
export function asSarif(result: GateResult, location: string): string {
	const results: Result[] = result.rows.flatMap(
		({ verdict, thing, before, after, clusters, budget }) =>
			verdict === "fits"
				? []
				: [
						resultOf(
							verdict,
							`${thing}: ${after} (before: ${before}). Clusters: ${clusters.map(({ clusterName }) => clusterName).join(", ")}`,
							`${budget.kind}\n${budget.id}`,
							location,
						),
					],
	);
	const log: Log = {
		$schema:
			"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		version: "2.1.0",
		runs: [
			{
				tool: {
					driver: {
						name: "AKS subnet auditor",
						semanticVersion: programVersion,
						rules,
					},
				},
				automationDetails: { id: "aks-subnet-auditor/gate/" },
				results: [
					...results,
					...result.unknown.map((text) =>
						resultOf("unknown", text, text, location),
					),
				],
			},
		],
	};
	return `${JSON.stringify(log, null, "\t")}\n`;
}

function resultOf(
	verdict: keyof typeof levels,
	text: string,
	subject: string,
	location: string,
): Result {
	const ruleId = `change-${verdict}`;
	return {
		ruleId,
		ruleIndex: rules.findIndex(({ id }) => id === ruleId),
		level: levels[verdict],
		message: { text },
		locations: [
			{
				physicalLocation: {
					artifactLocation: { uri: uriOf(location) },
					region: { startLine: 1 },
				},
			},
		],
		partialFingerprints: {
			"change/v1": createHash("sha256")
				.update(`${ruleId}\n${subject}`)
				.digest("hex")
				.slice(0, 32),
		},
	};
}

/** Relative to the repository, with forward slashes. */
function uriOf(path: string): string {
	return path
		.replaceAll("\\", "/")
		.replace(/^\.\//, "")
		.split("/")
		.map(encodeURIComponent)
		.join("/");
}
