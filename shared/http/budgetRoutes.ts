import * as v from "valibot";
import { budgetsFormats } from "../findings/query.ts";
import { budgetKind, verdict } from "./answers/amounts.ts";
import { budgetsPage } from "./answers/budgets.ts";
import { clustersPage } from "./answers/clusters.ts";
import { network } from "./answers/networks.ts";
import { overview } from "./answers/overview.ts";
import * as examples from "./examples.ts";
import type { Route } from "./route.ts";
import {
	alwaysRefused,
	continuationParameter,
	csv,
	formatParameter,
	json,
	refusals,
} from "./routeParts.ts";

/** The budgets of the whole fleet. */
export const budgetRoutes: readonly Route[] = [
	{
		name: "listBudgets",
		method: "get",
		path: "budgets",
		access: "both",
		tag: "Capacity",
		summary: "List all budgets, fullest first, 100 a page",
		description:
			"From the newest audit that was completed or partial. Budgets whose share is not known come last.",
		parameters: [
			{
				in: "query",
				name: "kind",
				description: "Only budgets of these kinds.",
				schema: v.array(budgetKind),
			},
			{
				in: "query",
				name: "verdict",
				description: "Only budgets with these verdicts.",
				schema: v.array(verdict),
			},
			{
				in: "query",
				name: "subscription",
				description: "The IDs of the subscriptions of budgets, in any case.",
				schema: v.array(v.string()),
			},
			{
				in: "query",
				name: "network",
				description: "The ARM IDs of virtual networks, in any case.",
				schema: v.array(v.string()),
			},
			formatParameter(
				budgetsFormats,
				"`json` if it is not there. `csv` has all budgets at once, without `continuation`.",
			),
			continuationParameter(),
		],
		answers: {
			200: {
				description: "A page of budgets.",
				content: {
					...json(budgetsPage, {
						auditId: examples.capacity.auditId,
						budgets: [examples.listedBudget],
						continuation: null,
					}),
					...csv('"id","kind","name"\r\n'),
				},
			},
			...alwaysRefused,
			404: refusals.NotFound,
		},
	},
	{
		name: "listClusters",
		method: "get",
		path: "clusters",
		access: "both",
		tag: "Capacity",
		summary: "List the clusters, worst first, 1,000 a page",
		description:
			"From the newest audit that was completed or partial, each by the worst budget that it uses.",
		parameters: [
			{
				in: "query",
				name: "verdict",
				description: "Only clusters with these verdicts.",
				schema: v.array(verdict),
			},
			continuationParameter(),
		],
		answers: {
			200: {
				description: "A page of clusters.",
				content: json(clustersPage, {
					auditId: examples.capacity.auditId,
					clusters: [examples.listedCluster],
					continuation: null,
				}),
			},
			...alwaysRefused,
			404: refusals.NotFound,
		},
	},
	{
		name: "getNetwork",
		method: "get",
		path: "networks",
		access: "both",
		tag: "Capacity",
		summary: "Show the address space of one virtual network",
		description:
			"Its subnets and what is free, from the newest audit that was completed or partial.",
		parameters: [
			{
				in: "query",
				name: "network",
				description: "The ARM ID of a virtual network, in any case.",
				required: true,
				schema: v.string(),
				example: examples.network.network,
			},
		],
		answers: {
			200: {
				description: "The network. What is not known is never free.",
				content: json(network, examples.network),
			},
			...alwaysRefused,
			404: refusals.NotFound,
		},
	},
	{
		name: "getOverview",
		method: "get",
		path: "overview",
		access: "both",
		tag: "Capacity",
		summary: "Show the fleet on one page",
		description:
			"Budgets and clusters by verdict, the ten fullest, IPs to win back, and what changed.",
		parameters: [],
		answers: {
			200: {
				description: "As the newest audit that ended saw it.",
				content: json(overview, examples.overview),
			},
			...alwaysRefused,
			404: refusals.NotFound,
		},
	},
];
