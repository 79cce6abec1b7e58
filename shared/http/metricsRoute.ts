import * as v from "valibot";
import type { Route } from "./route.ts";
import { alwaysRefused } from "./routeParts.ts";

const text = [
	"# HELP aks_subnet_auditor_findings Open findings, accepted ones included.",
	"# TYPE aks_subnet_auditor_findings gauge",
	'aks_subnet_auditor_findings{severity="critical"} 2',
	"",
].join("\n");

export const metricsRoute: Route = {
	name: "getMetrics",
	method: "get",
	path: "metrics",
	tag: "Capacity",
	summary: "Show the newest audit to Prometheus",
	description:
		"OpenMetrics 1.0 if the header `accept` asks for it, otherwise the text format 0.0.4. At most 10,000 series.",
	parameters: [],
	answers: {
		200: {
			description:
				"Budgets that do not fit, counts of the others and of findings, age and state. Before the first audit, only what is known of the auditor itself.",
			content: {
				"text/plain": { schema: v.string(), example: text },
				"application/openmetrics-text": {
					schema: v.string(),
					example: `${text}# EOF\n`,
				},
			},
		},
		...alwaysRefused,
	},
};
