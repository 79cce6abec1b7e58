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
		"acceptFinding",
		"close",
		"deliver",
		"deliverPending",
		"evaluate",
		"fail",
		"fleetAudit",
		"getAudit",
		"getCapacity",
		"getFinding",
		"getHistory",
		"getMetrics",
		"getOpenApi",
		"getOverview",
		"giveUp",
		"health",
		"inventory",
		"listAcceptances",
		"listAudits",
		"listBudgets",
		"listFindings",
		"post",
		"removeInstances",
		"schedule",
		"startAudit",
		"watch",
		"withdrawBudgetAcceptance",
		"withdrawFindingAcceptance",
	]);
});

const httpRoutes = () =>
	triggers("httpTrigger").flatMap(({ name, methods, route, authLevel }) =>
		(methods as string[]).map((method) => ({ name, method, route, authLevel })),
	);

it("serves its health and its description to everybody, and nothing else", () => {
	expect(
		httpRoutes().filter(({ authLevel }) => authLevel !== "function"),
	).toEqual([
		{
			name: "health",
			method: "GET",
			route: "health",
			authLevel: "anonymous",
		},
		{
			name: "health",
			method: "HEAD",
			route: "health",
			authLevel: "anonymous",
		},
		{
			name: "getOpenApi",
			method: "GET",
			route: "openapi.json",
			authLevel: "anonymous",
		},
	]);
});

it("serves the routes of the OpenAPI document and no other, each behind a key unless it says otherwise", () => {
	const text = (one: object) => JSON.stringify(one);
	expect(httpRoutes().map(text).sort()).toEqual(
		routes
			.map(({ name, method, path, anonymous }) =>
				text({
					name: method === "head" ? "health" : name,
					method: method.toUpperCase(),
					route: path,
					authLevel: anonymous ? "anonymous" : "function",
				}),
			)
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

it("runs every night by one timer, and looks after audits by another, neither at startup", () => {
	expect(triggers("timerTrigger")).toEqual([
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

it("passes a durable client to functions that start something, and to nobody else", () => {
	expect(triggers("durableClient").map(({ name }) => name)).toEqual(
		expect.arrayContaining([
			"startAudit",
			"schedule",
			"watch",
			"deliverPending",
			"removeInstances",
		]),
	);
	expect(triggers("durableClient")).toHaveLength(5);
});

it("has two orchestrations, and activities without a retry policy of the host", () => {
	expect(
		triggers("orchestrationTrigger")
			.map(({ name }) => name)
			.sort(),
	).toEqual(["deliver", "fleetAudit"]);
	expect(
		triggers("activityTrigger")
			.map(({ name }) => name)
			.sort(),
	).toEqual([
		"close",
		"deliverPending",
		"evaluate",
		"fail",
		"giveUp",
		"inventory",
		"post",
		"removeInstances",
	]);
	expect(functions.filter(({ retryOptions }) => retryOptions)).toEqual([]);
});
