import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import {
	installFunctionsCore,
	type RegisteredFunction,
} from "../../local/host/worker/functionsCore.ts";
import { loadFunctions } from "../../local/host/worker/loadFunctions.ts";
import { routes } from "../../shared/http/routes.ts";

let functions: readonly RegisteredFunction[] = [];

beforeAll(async () => {
	delete process.env.AUDIT_SCHEDULE;
	const worker = installFunctionsCore();
	await loadFunctions(join(import.meta.dirname, "../.."));
	functions = [...worker.functions.values()];
});

function triggers(type: string) {
	return functions.flatMap(({ name, bindings }) =>
		Object.values(bindings)
			.filter((binding) => binding.type === type)
			.map((binding) => ({ ...binding, name }) as Record<string, unknown>),
	);
}

it("registers these functions and no other", () => {
	expect(functions.map(({ name }) => name).sort()).toEqual([
		"acceptBudget",
		"acceptBudgetSignedIn",
		"acceptFinding",
		"acceptFindingSignedIn",
		"check",
		"checkSignedIn",
		"close",
		"closeScoped",
		"deliver",
		"deliverPending",
		"evaluate",
		"exportReport",
		"exportReportSignedIn",
		"fail",
		"fleetAudit",
		"gather",
		"getAudit",
		"getAuditSignedIn",
		"getCapacity",
		"getCapacitySignedIn",
		"getFinding",
		"getFindingSignedIn",
		"getHistory",
		"getHistorySignedIn",
		"getMetrics",
		"getNetwork",
		"getNetworkSignedIn",
		"getOpenApi",
		"getOverview",
		"getOverviewSignedIn",
		"getReport",
		"getReportCaller",
		"giveUp",
		"health",
		"hearChanges",
		"inventory",
		"listAcceptances",
		"listAudits",
		"listAuditsSignedIn",
		"listBudgets",
		"listBudgetsSignedIn",
		"listClusters",
		"listClustersSignedIn",
		"listFindingLines",
		"listFindingLinesSignedIn",
		"listFindings",
		"listFindingsSignedIn",
		"post",
		"readScope",
		"removeInstances",
		"schedule",
		"scopedAudit",
		"startAudit",
		"startNext",
		"takeChangeEvent",
		"watch",
		"withdrawBudgetAcceptance",
		"withdrawBudgetAcceptanceSignedIn",
		"withdrawFindingAcceptance",
		"withdrawFindingAcceptanceSignedIn",
	]);
});

const httpRoutes = () =>
	triggers("httpTrigger").flatMap(({ name, methods, route, authLevel }) =>
		(methods as string[]).map((method) => ({ name, method, route, authLevel })),
	);

it("asks for a key but at its health, its description, the page, and the routes that look at the sign-in themselves", () => {
	const open = httpRoutes().filter(({ authLevel }) => authLevel !== "function");
	expect(new Set(open.map(({ authLevel }) => authLevel))).toEqual(
		new Set(["anonymous"]),
	);
	expect(open.map(({ method, route }) => `${method} ${route}`).sort()).toEqual([
		"DELETE report/data/budgets/acceptance",
		"DELETE report/data/findings/{id}/acceptance",
		"GET health",
		"GET openapi.json",
		"GET report",
		"GET report/data/audits",
		"GET report/data/audits/{auditId}",
		"GET report/data/budgets",
		"GET report/data/capacity",
		"GET report/data/clusters",
		"GET report/data/export",
		"GET report/data/finding-lines",
		"GET report/data/findings",
		"GET report/data/findings/{id}",
		"GET report/data/history",
		"GET report/data/me",
		"GET report/data/networks",
		"GET report/data/overview",
		"HEAD health",
		"POST report/data/checks",
		"PUT report/data/budgets/acceptance",
		"PUT report/data/findings/{id}/acceptance",
	]);
});

it("serves the routes of the OpenAPI document and no other, each behind a key unless it says otherwise", () => {
	const text = (one: object) => JSON.stringify(one);
	expect(httpRoutes().map(text).sort()).toEqual(
		routes
			.flatMap(({ name, method, path, access = "key" }) => {
				const one = {
					name: method === "head" ? "health" : name,
					method: method.toUpperCase(),
				};
				const keyed = { ...one, route: path, authLevel: "function" };
				const open = { ...one, route: path, authLevel: "anonymous" };
				const second = {
					...open,
					name: `${name}SignedIn`,
					route: `report/data/${path}`,
				};
				return access === "both"
					? [keyed, second]
					: [access === "key" ? keyed : open];
			})
			.map(text)
			.sort(),
	);
});

it.each([
	["POST", "audits"],
	["GET", "audits"],
	["GET", "audits/{auditId}"],
	["GET", "findings"],
	["GET", "findings/{id}"],
	["GET", "budgets"],
	["GET", "overview"],
	["GET", "clusters"],
	["GET", "finding-lines"],
	["GET", "capacity"],
	["PUT", "findings/{id}/acceptance"],
	["DELETE", "findings/{id}/acceptance"],
	["PUT", "budgets/acceptance"],
	["DELETE", "budgets/acceptance"],
	["GET", "acceptances"],
	["GET", "history"],
])("serves %s %s, as callers of version 1 know it", (method, route) => {
	expect(httpRoutes()).toContainEqual(
		expect.objectContaining({ method, route, authLevel: "function" }),
	);
});

it("runs every night by one timer, looks after audits by another, and hears changes by a third, none at startup", () => {
	expect(triggers("timerTrigger")).toEqual([
		expect.objectContaining({
			name: "hearChanges",
			schedule: "0 */5 * * * *",
			runOnStartup: false,
		}),
		expect.objectContaining({
			name: "schedule",
			schedule: "0 0 5 * * *",
			runOnStartup: false,
		}),
		expect.objectContaining({
			name: "watch",
			schedule: "0 */3 * * * *",
			runOnStartup: false,
		}),
	]);
});

it("takes events where somebody sends them", () => {
	expect(triggers("eventGridTrigger")).toEqual([
		expect.objectContaining({ name: "takeChangeEvent" }),
	]);
});

it("passes a durable client to functions that start something, and to nobody else", () => {
	expect(triggers("durableClient").map(({ name }) => name)).toEqual(
		expect.arrayContaining([
			"startAudit",
			"schedule",
			"watch",
			"hearChanges",
			"deliverPending",
			"startNext",
			"removeInstances",
		]),
	);
	expect(triggers("durableClient")).toHaveLength(7);
});

it("has three orchestrations, and activities without a retry policy of the host", () => {
	expect(
		triggers("orchestrationTrigger")
			.map(({ name }) => name)
			.sort(),
	).toEqual(["deliver", "fleetAudit", "scopedAudit"]);
	expect(
		triggers("activityTrigger")
			.map(({ name }) => name)
			.sort(),
	).toEqual([
		"close",
		"closeScoped",
		"deliverPending",
		"evaluate",
		"fail",
		"gather",
		"giveUp",
		"inventory",
		"post",
		"readScope",
		"removeInstances",
		"startNext",
	]);
	expect(functions.filter(({ retryOptions }) => retryOptions)).toEqual([]);
});
