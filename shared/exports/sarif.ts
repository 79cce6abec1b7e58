import type {
	Location,
	Log,
	PropertyBag,
	ReportingDescriptor,
	Result,
} from "sarif";
import type { Acceptance, Finding, Severity } from "../contract.ts";
import { rules } from "../rules/registry.ts";
import type { Rule } from "../rules/rule.ts";
import { programVersion } from "../version.ts";
import { ruleHelp } from "./ruleHelp.ts";

/** Results that readers of SARIF take in one run: GitHub's limit, the lowest of those that are documented. */
export const mostResults = 25_000;

export const sarifType = "application/sarif+json";

/** Characters that readers take in a description. */
const longestDescription = 1024;

/**
 * Findings as SARIF 2.1.0, in their order. They are about resources, not files: each has logical locations alone.
 * `leftOut`: how many more there are.
 */
export function sarifOf(findings: readonly Finding[], leftOut: number): Log {
	return {
		$schema:
			"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		version: "2.1.0",
		runs: [
			{
				tool: {
					driver: {
						name: "AKS subnet auditor",
						semanticVersion: programVersion,
						rules: rules.map(descriptorOf),
					},
				},
				// Of two files with the same ID the later one replaces the earlier one.
				automationDetails: { id: "aks-subnet-auditor/fleet/" },
				invocations: [
					{
						executionSuccessful: true,
						...(leftOut > 0 && {
							toolExecutionNotifications: [
								{
									level: "warning",
									message: { text: leftOutText(findings.length, leftOut) },
								},
							],
						}),
					},
				],
				results: findings.map(resultOf),
			},
		],
	};
}

function leftOutText(most: number, leftOut: number): string {
	const count = (number: number) => number.toLocaleString("en-US");
	return `Only the ${count(most)} worst findings are here. ${count(leftOut)} more are left out: use filters.`;
}

function descriptorOf({ id, title }: Rule): ReportingDescriptor {
	const help = ruleHelp[id];
	if (help === undefined) throw new Error(`Rule ${id} has no help.`);
	const { meaning, markdown, link } = help;
	return {
		id,
		shortDescription: { text: title },
		fullDescription: { text: meaning.slice(0, longestDescription) },
		helpUri: link,
		help: {
			text: `${title}. ${meaning} Read on: ${link}`,
			markdown: `# ${title}\n\n${markdown}\n`,
		},
	};
}

const levels = {
	critical: "error",
	high: "error",
	medium: "warning",
	low: "note",
	info: "note",
} as const satisfies Readonly<Record<Severity, Result.level>>;

function resultOf(finding: Finding): Result {
	const { id, rule, severity, state, acceptance } = finding;
	const ruleIndex = rules.findIndex((one) => one.id === rule);
	return {
		ruleId: rule,
		// One that an earlier release had is not among the rules.
		...(ruleIndex >= 0 && { ruleIndex }),
		// What is resolved is no longer wrong: SARIF then wants no level.
		...(state === "open"
			? { level: levels[severity] }
			: { kind: "pass", level: "none" }),
		message: messageOf(finding),
		locations: [locationOf(finding)],
		partialFingerprints: { "findingId/v1": id },
		...(acceptance && { suppressions: [suppressionOf(acceptance)] }),
		properties: propertiesOf(finding),
	};
}

/** The finding in words: what is wrong, the sums, what to do. */
function messageOf({ headline, clusterName, reasons, remedies }: Finding) {
	const title = `${headline} (${clusterName})`;
	const why = reasons.map(({ text }) => text);
	const what = remedies.map(({ title }) => title);
	const list = (heading: string, lines: readonly string[]) =>
		lines.length === 0
			? []
			: [[`${heading}:`, ...lines.map((line) => `- ${line}`)].join("\n")];
	return {
		text: [title, ...list("Reasons", why), ...list("Remedies", what)].join(
			"\n\n",
		),
	};
}

/** The cluster, and in it the budget. */
function locationOf({ cluster, clusterName, budget }: Finding): Location {
	return {
		logicalLocations: [
			{ name: clusterName, fullyQualifiedName: cluster, kind: "resource" },
			...(budget === null
				? []
				: [
						{
							name: budget.name,
							fullyQualifiedName: budget.id,
							kind: "resource",
						},
					]),
		],
	};
}

function suppressionOf({ reason, owner, expiry }: Acceptance) {
	return {
		kind: "external",
		status: "accepted",
		justification: `${reason} (${owner}, until ${expiry})`,
	} as const;
}

/** What SARIF has no field for. */
function propertiesOf({
	severity,
	state,
	subscription,
	budget,
	scenario,
	verdict,
	limit,
	demand,
	free,
	firstSeen,
	changedAt,
	auditId,
}: Finding): PropertyBag {
	return {
		severity,
		state,
		subscription,
		budgetKind: budget?.kind ?? null,
		scenario,
		verdict,
		limit,
		demand,
		free,
		firstSeen,
		changedAt,
		auditId,
	};
}
