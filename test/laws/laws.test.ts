import fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { type Finding, scenarioNames } from "../../shared/contract.ts";
import type { Morning } from "../cases/nights.ts";
import { Broken, holds, lawTimeout } from "./law.ts";
import {
	type LostNight,
	losses,
	lostNight,
	recording,
	type Touched,
} from "./losses.ts";
import {
	betterThan,
	differences,
	type Estate,
	findingLines,
	type JudgedBy,
	lostFindings,
	openEstate,
	type Verdicts,
	verdictsOf,
} from "./play.ts";
import {
	changes,
	mutations,
	shuffle,
	shuffled,
	withChange,
	withMutation,
} from "./variations.ts";
import { buildWorld, usesBudget, type World, worldPlans } from "./world.ts";

let estate: Estate;
beforeAll(() => {
	estate = openEstate();
});
afterAll(() => estate.close());

describe.concurrent("laws", () => {
	it(
		"of loss: with less knowledge no verdict is better, nothing resolves and nothing eases",
		() =>
			holds(
				"loss",
				fc.record({ world: worldPlans, loss: losses }),
				10,
				({ world: plan, loss }) =>
					estate.use(async (open) => {
						const world = buildWorld(plan);
						const tenant = await open();
						const { night, seen } = recording(world);
						const first = await tenant.play(night);
						refuseIncomplete(first);
						const lost = lostNight(world, world.resources, loss, seen);
						const second = await tenant.play(lost.night);
						const { eased, resolved } = second.audit.changes;
						refuse(lost.words, [
							...failedWithoutNeed(lost, second),
							...betterThan(
								await verdictsOf(first, world.clusters),
								await verdictsOf(second, world.clusters),
							),
							...(eased + resolved > 0
								? [`${resolved} findings resolved, ${eased} eased`]
								: []),
							...lostFindings(first, second),
						]);
					}),
			),
		lawTimeout,
	);

	it(
		"against too much caution: what the loss does not concern is judged as in a complete audit",
		() =>
			holds(
				"counter",
				fc.record({ world: worldPlans, loss: losses, change: changes }),
				4,
				({ world: plan, loss, change }) =>
					estate.use(async (open) => {
						const world = buildWorld(plan);
						const [tenant, control] = [await open(), await open()];
						const { night, seen } = recording(world);
						const [first] = await Promise.all([
							tenant.play(night),
							control.play(world),
						]);
						refuseIncomplete(first);
						const later = withChange(world, change);
						const lost = lostNight(world, later, loss, seen);
						const [second, expected] = await Promise.all([
							tenant.play(lost.night),
							control.play({ resources: later }),
						]);
						if (second.audit.state === "failed" && lost.mayFail) return;
						const isFree = untouched(world, lost.touched);
						const lines = ({ open: findings }: Morning) =>
							findingLines(
								findings.filter(({ cluster, budget }) =>
									isFree({ cluster, budget: budget?.id ?? null }),
								),
							);
						refuse(lost.words, [
							...failedWithoutNeed(lost, second),
							...differences(
								await verdictsOf(expected, world.clusters),
								await verdictsOf(second, world.clusters),
								isFree,
							),
							...missingLines(lines(expected), lines(second)),
						]);
					}),
			),
		lawTimeout,
	);

	it(
		"of a deleted neighbor: it frees what Azure observes at once, and the rest in the second complete audit",
		() =>
			holds(
				"deleted",
				fc.record({ world: worldPlans, deleted: fc.nat(4) }),
				4,
				({ world: plan, deleted }) =>
					estate.use(async (open) => {
						const index = deleted % plan.clusters.length;
						const world = buildWorld(plan);
						const left = buildWorld(plan, [index]);
						const gone = world.clusters[index];
						if (gone === undefined) throw new Error("no cluster to delete");
						const [tenant, control] = [await open(), await open()];
						const [first, expected] = await Promise.all([
							tenant.play(world),
							control.play(left),
						]);
						refuseIncomplete(first);
						const second = await tenant.play(left);
						// The third audit removes what the first one saw.
						const [before, atOnce] = [
							await verdictsOf(first, left.clusters),
							await verdictsOf(second, left.clusters),
						];
						const third = await tenant.play(left);
						const should = await verdictsOf(expected, left.clusters);
						const isShared = ({ budget }: JudgedBy) => usesBudget(gone, budget);
						refuse(`cluster ${gone.name} is deleted`, [
							...differences(
								should,
								atOnce,
								(one) => isObserved(one) || !isShared(one),
							).map((line) => `at once: ${line}`),
							...betterThan(
								before,
								atOnce,
								(one) => !isObserved(one) && isShared(one),
							).map((line) => `too early: ${line}`),
							...differences(
								should,
								await verdictsOf(third, left.clusters),
								() => true,
							).map((line) => `in the second audit: ${line}`),
							...missingLines(
								findingLines(expected.open.filter(isSteady(should)), false),
								findingLines(third.open.filter(isSteady(should)), false),
							),
						]);
					}),
			),
		lawTimeout,
	);

	it(
		"of what is not known yet: an unknown field changes nothing, an unknown value only the sums that it enters",
		() =>
			holds(
				"unknown",
				fc.record({ world: worldPlans, mutation: mutations }),
				6,
				({ world: plan, mutation }) =>
					estate.use(async (open) => {
						const world = buildWorld(plan);
						const mutated = withMutation(world, mutation);
						const [tenant, control] = [await open(), await open()];
						const [actual, expected] = await Promise.all([
							tenant.play(mutated),
							control.play(world),
						]);
						refuseIncomplete(expected);
						const enters = ({ budget, kind }: JudgedBy) =>
							mutated.cluster !== null &&
							usesBudget(mutated.cluster, budget) &&
							mutated.enters(kind, budget.toLowerCase());
						const should = await verdictsOf(expected, world.clusters);
						const is = await verdictsOf(actual, world.clusters);
						refuse(`${mutated.words} (${mutated.cluster?.name})`, [
							...(actual.audit.state === "completed"
								? []
								: [
										`the audit is ${actual.audit.state}: ${JSON.stringify(actual.audit.coverage.gaps)}`,
									]),
							...differences(should, is, (one) => !enters(one)),
							...betterThan(should, is, enters),
						]);
					}),
			),
		lawTimeout,
	);

	it(
		"of order: in which order resources and rows come changes nothing",
		() =>
			holds(
				"order",
				fc.record({ world: worldPlans, seed: fc.nat(1000) }),
				3,
				({ world: plan, seed }) =>
					estate.use(async (open) => {
						const world = buildWorld(plan);
						const [tenant, control] = [await open(), await open()];
						const [actual, expected] = await Promise.all([
							tenant.play({
								resources: shuffled(world.resources, seed),
								shuffle: (rows) => shuffle(rows, seed),
							}),
							control.play(world),
						]);
						refuseIncomplete(expected);
						refuse("in another order", [
							...differences(
								await verdictsOf(expected, world.clusters),
								await verdictsOf(actual, world.clusters),
								() => true,
							),
							...missingLines(
								findingLines(expected.open),
								findingLines(actual.open),
							),
						]);
					}),
			),
		lawTimeout,
	);
});

/** The first night must see everything: what is not known then is not the loss's doing. */
function refuseIncomplete({ audit, failure }: Morning): void {
	if (audit.state !== "completed")
		throw new Broken([
			`the complete night is ${audit.state}: ${failure ?? JSON.stringify(audit.coverage.gaps)}`,
		]);
}

function refuse(words: string, lines: readonly string[]): void {
	if (lines.length > 0) throw new Broken([words, ...lines]);
}

function failedWithoutNeed(lost: LostNight, { audit, failure }: Morning) {
	return audit.state === "failed" && !lost.mayFail
		? [`the audit failed: ${failure}`]
		: [];
}

/**
 * Azure shows who is in node subnets and in route tables. What it does not show is known by the clusters' rows alone.
 */
function isObserved({ kind }: JudgedBy): boolean {
	return kind === "subnet" || kind === "routes";
}

/**
 * Findings that two nights have as one night has them: of rules without a memory of their own, on budgets of which
 * nothing is unknown, where a finding stays as it was.
 */
function isSteady(verdicts: Verdicts) {
	const open = new Set(
		[...verdicts.values()]
			.filter(({ scenarios }) =>
				scenarioNames.some((name) => scenarios[name].verdict === "unknown"),
			)
			.map(({ cluster, budget }) => `${cluster} ${budget}`),
	);
	return ({ rule, clusterName, budget }: Finding): boolean =>
		rule !== "nearly-full" &&
		rule !== "runway-short" &&
		!open.has(`${clusterName} ${budget?.id}`);
}

/** Budgets, and findings about whole clusters, that the loss does not concern. */
function untouched(world: World, { clusters, resources }: Touched) {
	const byId = new Map(
		world.clusters.flatMap((one) => [
			[one.id, one] as const,
			[one.name, one] as const,
		]),
	);
	const lost = [...resources];
	return ({
		cluster,
		budget,
	}: {
		readonly cluster: string;
		readonly budget: string | null;
	}): boolean => {
		const own = byId.get(cluster);
		if (own === undefined) return false;
		const touchesCluster =
			clusters.has(own) ||
			[...own.uses].some((used) => isLost(used, lost)) ||
			[...clusters].some((one) =>
				[...own.uses].some((used) => one.uses.has(used)),
			);
		if (budget === null) return !touchesCluster;
		const id = budget.toLowerCase();
		return (
			!isLost(id, lost) && ![...clusters].some((one) => usesBudget(one, id))
		);
	};
}

function isLost(id: string, lost: readonly string[]): boolean {
	return lost.some((one) => id.startsWith(one) || one.startsWith(`${id}/`));
}

function missingLines(
	expected: readonly string[],
	actual: readonly string[],
): string[] {
	return [
		...expected
			.filter((line) => !actual.includes(line))
			.map((line) => `missing: ${line}`),
		...actual
			.filter((line) => !expected.includes(line))
			.map((line) => `too much: ${line}`),
	];
}
