import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { loadFunctions } from "../../local/host/worker/loadFunctions.ts";
import type { Finding } from "../../shared/contract.ts";
import { rules } from "../../shared/rules/registry.ts";
import { smallFleet } from "./fleets.ts";
import { lines, useWorlds, type World } from "./world.ts";

const openWorld = useWorlds();

/** A world of the functions as they are in their sources: the registry in a bundle cannot be reached from outside. */
const open = () =>
	openWorld({
		resources: smallFleet(),
		load: () => loadFunctions(root, "functions/*.ts"),
	});

const root = join(import.meta.dirname, "../..");
const broken: (() => void)[] = [];

/** Lets rules throw until the test is over. */
function breakRules(...ids: string[]): void {
	for (const id of ids) {
		const rule = rules.find((one) => one.id === id);
		if (rule === undefined) throw new Error(`there is no rule ${id}`);
		const { check } = rule;
		Object.assign(rule, {
			check: () => {
				throw new Error(`${id} is broken on purpose`);
			},
		});
		broken.push(() => Object.assign(rule, { check }));
	}
}

function mend(): void {
	for (const undo of broken.splice(0)) undo();
}

afterEach(mend);

const partial = (findings: readonly Finding[]) =>
	findings.filter(({ rule }) => rule === "not-evaluated");

function errors(world: World): string[] {
	return world.log
		.filter(({ level }) => level === "error")
		.map(({ message }) => message);
}

it("costs only itself: a rule that throws takes no other finding with it", async () => {
	const world = await open();
	breakRules("oversized-subnet");
	const audit = await world.audit();

	expect(audit).toMatchObject({
		state: "completed",
		coverage: { notEvaluated: 0, gaps: [] },
		progress: { clusters: 4, evaluated: 4 },
	});
	const findings = await world.findings();
	expect(lines(findings.filter((one) => !partial([one]).length))).toEqual([
		"barn kubenet-retirement low - -",
		"desk capacity-shortfall low full subnet",
		"shop capacity-shortfall high full subnet",
	]);
	// One finding a cluster says which rule could not be checked.
	expect(partial(findings)).toHaveLength(4);
	for (const { reasons, budget, severity } of partial(findings)) {
		expect(budget).toBeNull();
		expect(severity).toBe("medium");
		expect(reasons).toEqual([
			{
				kind: "not-known",
				text: "Rule oversized-subnet could not be checked. Its findings here stay as they were.",
			},
		]);
	}
	expect(errors(world).join("\n")).toMatch(
		/rule oversized-subnet could not be checked \(clusters: 1, first \S+\): Error: oversized-subnet is broken on purpose\n\s+at /,
	);
});

it("freezes what the broken rule had found, and lets it move again when it is fixed", async () => {
	const world = await open();
	await world.audit();
	const before = await world.findings();

	// shop is fixed meanwhile: its finding would resolve, if anybody could tell.
	world.graph.setResources(smallFleet({ shopMax: 5 }));
	breakRules("capacity-shortfall", "nearly-full");
	const during = await world.audit();
	expect(during).toMatchObject({
		state: "completed",
		coverage: { notEvaluated: 0 },
		changes: { resolved: 0, eased: 0, worsened: 0, opened: 4 },
	});
	const frozen = await world.findings();
	expect(frozen.filter((one) => !partial([one]).length)).toEqual(before);
	// Two rules are two entries of one finding.
	expect(partial(frozen)).toHaveLength(4);
	for (const { reasons } of partial(frozen)) {
		expect(reasons).toHaveLength(2);
		expect(reasons[0]?.text).toContain("Rule capacity-shortfall");
		expect(reasons[1]?.text).toContain("Rule nearly-full");
	}

	mend();
	const after = await world.audit();
	expect(after).toMatchObject({ state: "completed", changes: { resolved: 6 } });
	expect(lines(await world.findings())).toEqual([
		"barn kubenet-retirement low - -",
	]);
});

it("is told as not evaluated where nothing else can be said of the cluster", async () => {
	const world = await open();
	breakRules("not-evaluated");
	const audit = await world.audit();
	expect(audit).toMatchObject({
		state: "completed",
		coverage: { notEvaluated: 0 },
	});
	const found = partial(await world.findings());
	expect(found).toHaveLength(4);
	expect(found[0]?.reasons).toEqual([
		{
			kind: "not-known",
			text: "Rule not-evaluated could not be checked. Its findings here stay as they were.",
		},
	]);
});
