import * as v from "valibot";
import { sarifType } from "../exports/sarif.ts";
import { findingsFormats } from "../findings/query.ts";
import { rules } from "../rules/registry.ts";
import { acceptanceRoutes } from "./acceptanceRoutes.ts";
import { acceptancesList } from "./answers/acceptances.ts";
import { severity } from "./answers/amounts.ts";
import { audit, auditBody, auditsPage, startedAudit } from "./answers/audit.ts";
import { capacity } from "./answers/capacity.ts";
import { finding, findingLines, findingsPage } from "./answers/finding.ts";
import { health } from "./answers/health.ts";
import { history } from "./answers/history.ts";
import { budgetRoutes } from "./budgetRoutes.ts";
import { checkRoute } from "./checkRoute.ts";
import * as examples from "./examples.ts";
import { metricsRoute } from "./metricsRoute.ts";
import { reportRoutes } from "./reportRoutes.ts";
import type { Parameter, Route } from "./route.ts";
import {
	alwaysRefused,
	budgetParameter,
	continuationParameter,
	csv,
	findingParameter,
	formatParameter,
	json,
	refusals,
} from "./routeParts.ts";

/** SARIF has a schema of its own. */
const sarif = v.objectWithRest(
	{ $schema: v.string(), version: v.literal("2.1.0") },
	v.unknown(),
);

/** What narrows a list of findings. */
const findingFilters: readonly Parameter[] = [
	{
		in: "query",
		name: "state",
		description: "`open` if it is not there.",
		schema: v.picklist(["open", "resolved", "all"]),
	},
	{
		in: "query",
		name: "severity",
		description: "Only findings of these severities.",
		schema: v.array(severity),
		example: ["critical", "high"],
	},
	{
		in: "query",
		name: "rule",
		description: "Only findings of these rules.",
		schema: v.array(v.picklist(rules.map(({ id }) => id))),
	},
	{
		in: "query",
		name: "cluster",
		description: "The ARM IDs of clusters, in any case.",
		schema: v.array(v.string()),
	},
	{
		in: "query",
		name: "subscription",
		description: "The IDs of subscriptions, in any case.",
		schema: v.array(v.string()),
	},
	{
		in: "query",
		name: "network",
		description:
			"The ARM IDs of virtual networks, in any case: findings about their subnets.",
		schema: v.array(v.string()),
	},
	{
		in: "query",
		name: "accepted",
		description: "Only findings that are accepted, or that are not.",
		schema: v.boolean(),
	},
];

/** All routes, in the order of the document. */
export const routes: readonly Route[] = [
	{
		name: "startAudit",
		method: "post",
		path: "audits",
		tag: "Audits",
		summary: "Start an audit of the fleet or of some clusters, or join one",
		description:
			"Without a body, or with `{}`: the whole fleet. With clusters or subscriptions: only these, so that a fix shows within seconds. One audit runs at a time, and the others are `queued`. Queued requests for clusters become one audit.",
		parameters: [],
		body: {
			required: false,
			schema: auditBody,
			example: examples.auditBody,
		},
		answers: {
			202: {
				description: "The audit runs, or waits.",
				headers: { location: "The address of the audit." },
				content: json(startedAudit, examples.startedAudit),
			},
			...alwaysRefused,
			409: refusals.Conflict,
		},
	},
	{
		name: "listAudits",
		method: "get",
		path: "audits",
		access: "both",
		tag: "Audits",
		summary: "List audits, newest first, 50 a page",
		parameters: [continuationParameter()],
		answers: {
			200: {
				description: "A page of audits.",
				content: json(auditsPage, {
					audits: [examples.audit],
					continuation: null,
				}),
			},
			...alwaysRefused,
		},
	},
	{
		name: "getAudit",
		method: "get",
		path: "audits/{auditId}",
		access: "both",
		tag: "Audits",
		summary: "Show one audit",
		parameters: [
			{
				in: "path",
				name: "auditId",
				description: "The ID of an audit. `latest` is the newest that ended.",
				required: true,
				schema: v.string(),
				example: "latest",
			},
		],
		answers: {
			200: {
				description: "State, progress, coverage, counts and alert.",
				content: json(audit, examples.audit),
			},
			...alwaysRefused,
			404: refusals.NotFound,
		},
	},
	{
		name: "listFindings",
		method: "get",
		path: "findings",
		access: "both",
		tag: "Findings",
		summary: "List findings, worst first, 100 a page",
		description:
			"Several values of one filter have commas between them. A cluster or subscription that no audit saw is a 404: an empty list would look like an all-clear.",
		parameters: [
			...findingFilters,
			formatParameter(
				findingsFormats,
				"`json` if it is not there. `csv` has all findings at once, `sarif` the 25,000 worst at most, both without `continuation`.",
			),
			continuationParameter(),
		],
		answers: {
			200: {
				description: "A page of findings. It is empty only at the end.",
				content: {
					...json(findingsPage, {
						findings: [examples.finding],
						continuation: null,
					}),
					...csv('"id","severity","rule"\r\n'),
					[sarifType]: {
						schema: sarif,
						example: examples.sarif,
					},
				},
			},
			...alwaysRefused,
			404: refusals.NotFound,
		},
	},
	{
		name: "listFindingLines",
		method: "get",
		path: "finding-lines",
		access: "both",
		tag: "Findings",
		summary: "List findings at once, worst first, without sums and remedies",
		description:
			"Several values of one filter have commas between them. `GET findings/{id}` has the rest of a finding.",
		parameters: findingFilters,
		answers: {
			200: {
				description: "All findings that the filters mean.",
				content: json(findingLines, { findings: [examples.findingLine] }),
			},
			...alwaysRefused,
			404: refusals.NotFound,
		},
	},
	{
		name: "getFinding",
		method: "get",
		path: "findings/{id}",
		access: "both",
		tag: "Findings",
		summary: "Show one finding, open or resolved",
		parameters: [findingParameter()],
		answers: {
			200: {
				description: "The finding.",
				content: json(finding, examples.finding),
			},
			...alwaysRefused,
			404: refusals.NotFound,
		},
	},
	...acceptanceRoutes({
		names: ["acceptFinding", "withdrawFindingAcceptance"],
		path: "findings/{id}/acceptance",
		what: "a finding",
		parameter: findingParameter(),
		example: examples.finding.acceptance,
	}),
	...acceptanceRoutes({
		names: ["acceptBudget", "withdrawBudgetAcceptance"],
		path: "budgets/acceptance",
		what: "all findings of one budget",
		parameter: budgetParameter(),
		example: { ...examples.acceptance, by: "budget" },
	}),
	{
		name: "listAcceptances",
		method: "get",
		path: "acceptances",
		tag: "Acceptances",
		summary: "List all acceptances in force, and those withdrawn",
		parameters: [],
		answers: {
			200: {
				description:
					"The next to expire first. Withdrawn ones stay until they would have expired.",
				content: json(acceptancesList, {
					acceptances: [examples.givenAcceptance],
					withdrawn: [examples.withdrawnAcceptance],
				}),
			},
			...alwaysRefused,
		},
	},
	{
		name: "getCapacity",
		method: "get",
		path: "capacity",
		access: "both",
		tag: "Capacity",
		summary: "Show every budget of one cluster in all four scenarios",
		description: "From the newest audit that was completed or partial.",
		parameters: [
			{
				in: "query",
				name: "cluster",
				description: "The ARM ID of a cluster, in any case.",
				required: true,
				schema: v.string(),
				example: examples.finding.cluster,
			},
		],
		answers: {
			200: {
				description: "The budgets with all clusters that use them.",
				content: json(capacity, examples.capacity),
			},
			...alwaysRefused,
			404: refusals.NotFound,
		},
	},
	...budgetRoutes,
	checkRoute,
	{
		name: "getHistory",
		method: "get",
		path: "history",
		access: "both",
		tag: "Capacity",
		summary: "Show what the audits saw of one budget, and its runway",
		description:
			"One point per audit of the last seven days. Before that one a day, up to a year.",
		parameters: [budgetParameter()],
		answers: {
			200: {
				description: "The points, oldest first.",
				content: json(history, examples.history),
			},
			...alwaysRefused,
			404: refusals.NotFound,
		},
	},
	...reportRoutes,
	metricsRoute,
	healthRoute("get"),
	healthRoute("head"),
	{
		name: "getOpenApi",
		method: "get",
		path: "openapi.json",
		access: "anybody",
		tag: "Service",
		summary: "Show this document",
		parameters: [],
		answers: {
			200: {
				description: "OpenAPI 3.1. It says nothing about the fleet.",
				content: json(v.objectWithRest({ openapi: v.string() }, v.unknown()), {
					openapi: "3.1.1",
				}),
			},
			400: refusals.BadRequest,
		},
	},
];

export function routeNamed(name: string): Route {
	const route = routes.find((one) => one.name === name);
	if (route === undefined) throw new Error(`There is no route ${name}.`);
	return route;
}

/** The names of what a route takes in its query. */
export function queryOf(name: string): string[] {
	return routeNamed(name)
		.parameters.filter((parameter) => parameter.in === "query")
		.map((parameter) => parameter.name);
}

function healthRoute(method: "get" | "head"): Route {
	const content = json(health, examples.health);
	return {
		name: method === "get" ? "health" : "probeHealth",
		method,
		path: "health",
		access: "anybody",
		tag: "Service",
		summary: "Say whether the auditor itself is well",
		description: "It says nothing about the fleet.",
		parameters: [],
		answers: {
			200: {
				description: "It is well.",
				...(method === "get" && { content }),
			},
			400: refusals.BadRequest,
			503: {
				description: "It is not well, and says why.",
				...(method === "get" && { content: json(health, examples.unhealthy) }),
			},
		},
	};
}
