import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import {
	installFunctionsCore,
	type RegisteredFunction,
} from "../../local/host/worker/functionsCore.ts";
import { loadFunctions } from "../../local/host/worker/loadFunctions.ts";

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
		"giveUp",
		"health",
		"inventory",
		"listAcceptances",
		"listAudits",
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
	triggers("httpTrigger").map(({ methods, route, authLevel }) => ({
		methods,
		route,
		authLevel,
	}));

it("serves its health to everybody, and nothing else", () => {
	expect(
		httpRoutes().filter(({ authLevel }) => authLevel !== "function"),
	).toEqual([
		{ methods: ["GET", "HEAD"], route: "health", authLevel: "anonymous" },
	]);
});

it("serves the contract's routes, each behind a key", () => {
	const routes = httpRoutes().filter(({ route }) => route !== "health");
	expect(routes).toHaveLength(12);
	expect(routes).toEqual(
		expect.arrayContaining(
			[
				["POST", "audits"],
				["GET", "audits"],
				["GET", "audits/{auditId}"],
				["GET", "findings"],
				["GET", "findings/{id}"],
				["GET", "capacity"],
				["PUT", "findings/{id}/acceptance"],
				["DELETE", "findings/{id}/acceptance"],
				["PUT", "budgets/acceptance"],
				["DELETE", "budgets/acceptance"],
				["GET", "acceptances"],
				["GET", "history"],
			].map(([method, route]) => ({
				methods: [method],
				route,
				authLevel: "function",
			})),
		),
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
