import { afterEach, beforeAll, expect, it, vi } from "vitest";
import type { HubStep } from "../../local/host/durable/loopOptions.ts";
import type { Fault, FaultPlan } from "../../local/resourceGraph/faults.ts";
import { changesOf } from "../../shared/azure/changeStore.ts";
import type { Audit, Finding } from "../../shared/contract.ts";
import { farm, retail, sharedSubnet, smallFleet } from "./fleets.ts";
import type { StorageFault } from "./storageProxy.ts";
import { useWorlds, type World } from "./world.ts";

/*
 * The table of faults of docs/operations: an audit finds, the next one meets the fault while the fleet gets worse, the
 * third meets none. Then nothing may be lost, nothing wrongly resolved, and no card have been sent twice.
 */

const open = useWorlds();
const before = () => smallFleet({ shopMax: 5 });
const worse = () => smallFleet({ shopMax: 8 });

/** What an audit of the fleet before and one of the worse fleet write without any fault. */
let undisturbed: {
	readonly findings: readonly string[];
	readonly cards: readonly string[];
};

beforeAll(async () => {
	const world = await open({ resources: before() });
	await world.audit();
	world.graph.setResources(worse());
	await world.audit();
	undisturbed = {
		findings: inShort(await world.findings("all")),
		cards: world.channel.accepted().map(({ body }) => body),
	};
	// Hosts of one process share their settings: the next world's routes would answer from this one's storage.
	await world.close();
});

afterEach(() => {
	vi.useRealTimers();
});

interface Case {
	readonly what: string;
	readonly meet: (world: World) => void;
	/** The state of the audit that meets the fault. */
	readonly state: Audit["state"];
	/** What its row says to people where it is not complete. */
	readonly says?: RegExp;
	/** Clusters that are not evaluated then: findings of their own, which the next audit resolves. */
	readonly notEvaluated?: number;
}

const cases: readonly Case[] = [
	{
		what: "storage answers 503 to ten requests",
		meet: storage(503, 10),
		state: "completed",
	},
	{
		what: "storage closes five connections without an answer",
		meet: storage("reset", 5),
		state: "completed",
	},
	{
		what: "storage is slow for forty requests",
		meet: storage("slow", 40),
		state: "completed",
	},
	{
		what: "storage takes no finding until the slices give up",
		meet: (world) => world.proxy.refuse(/"RowKey":"open-/, 1_000, 503),
		state: "partial",
		says: /clusters \(.*evaluation failed/,
	},
	{
		what: "somebody else changes the audit's row twice while it is changed",
		meet: (world) => world.proxy.refuse(/^PUT .*\/audits\(/, 2, 412),
		state: "completed",
	},
	{
		what: "Resource Graph loses a page of subnets",
		meet: (world) =>
			world.graph.faults.set([
				{
					fault: { kind: "losePage" },
					match: ({ query }) => query.includes("virtualnetworks"),
				},
			]),
		state: "partial",
		says: /subnets/,
		notEvaluated: 4,
	},
	{
		what: "Resource Graph forgets a subscription",
		meet: graph({ kind: "forget", subscriptionId: farm }),
		state: "partial",
		says: new RegExp(farm),
	},
	{
		what: "Resource Graph shows no subscription at all",
		meet: (world) => world.graph.setReadableSubscriptions([]),
		state: "failed",
		says: /role Reader/,
	},
	{
		what: "Resource Graph denies everything",
		meet: graph({ kind: "deny" }),
		state: "failed",
		says: /Reader|denied|403|refused/i,
	},
	{
		what: "Resource Graph answers 429 to one of three requests",
		meet: graph({ kind: "throttle" }, { hit: 1, of: 3 }),
		state: "completed",
	},
];

it.each(cases)("$what", async (row) => {
	const { meet, state, says, notEvaluated = 0 } = row;
	let start = () => {};
	const started = new Promise<void>((resolve) => {
		start = resolve;
	});
	// So that what starts the audit meets no fault: it is the audit that is looked at.
	const held = once("before-activity", "inventory", () => started);
	const world = await open({ resources: before(), hub: held, proxied: true });
	await world.audit();
	world.graph.setResources(worse());
	held.arm();
	const auditId = await world.start();
	meet(world);
	start();
	const met = await world.ended(auditId);
	heal(world);
	const last = await world.audit();

	expect(met.state, JSON.stringify(met.coverage.gaps)).toBe(state);
	if (says) expect(JSON.stringify(met.coverage.gaps)).toMatch(says);
	expect(last.state).toBe("completed");
	await expectNothingLost(world, notEvaluated);
});

it.each([
	{ what: "forward by ten hours", hours: 10 },
	{ what: "back by ten hours", hours: -10 },
])("the clock jumps $what while an audit runs", async ({ hours }) => {
	const now = Date.now() + hours * 3_600_000;
	const jump = once("after-activity", "inventory", () =>
		vi.useFakeTimers({ toFake: ["Date"], now }),
	);
	const world = await open({ resources: before(), hub: jump });
	await world.audit();
	world.graph.setResources(worse());
	jump.arm();
	const met = await world.audit();
	const last = await world.audit();

	expect(Date.now()).toBe(now);
	expect(met.state).toBe("completed");
	expect(last.state).toBe("completed");
	await expectNothingLost(world);
});

it.each([
	{ what: "and shows in the subnet's use", silent: farm },
	{ what: "and the subnet with it", silent: retail },
])(
	"a neighbor falls silent $what: nothing of its subnet resolves or eases",
	async ({ silent }) => {
		// guest, of another subscription, has a node in the subnet that shop may fill.
		const world = await open({ resources: smallFleet({ guest: true }) });
		await world.audit();
		const before = await world.findings();
		expect(before.filter(inShared).length).toBe(3);

		world.graph.faults.set([
			{ fault: { kind: "forget", subscriptionId: silent } },
		]);
		const met = await world.audit();
		expect(met.state).toBe("partial");
		expect(JSON.stringify(met.coverage.gaps)).toContain(silent);
		expect(met.changes).toMatchObject({ resolved: 0, eased: 0 });
		const during = await world.findings();
		expect(inShort(during.filter(inShared))).toEqual(
			inShort(before.filter(inShared)),
		);

		world.graph.faults.clear();
		expect((await world.audit()).state).toBe("completed");
		expect(inShort(await world.findings())).toEqual(inShort(before));
	},
);

const inShared = ({ rule, budget }: Finding) =>
	rule === "capacity-shortfall" && budget?.id === sharedSubnet.toLowerCase();

/** Acts at the first such step after it was armed. */
function once(point: HubStep["point"], name: string, act: () => unknown) {
	let isArmed = false;
	return {
		arm: () => {
			isArmed = true;
		},
		onStep: async (step: HubStep): Promise<void> => {
			if (!isArmed || step.point !== point || step.name !== name) return;
			isArmed = false;
			await act();
		},
	};
}

function storage(fault: StorageFault, times: number) {
	return (world: World) => world.proxy.refuse("", times, fault);
}

function graph(
	fault: Fault,
	rate?: { readonly hit: number; readonly of: number },
) {
	const plan: FaultPlan = [{ fault, ...(rate && { rate }) }];
	return (world: World) => world.graph.faults.set(plan);
}

function heal(world: World): void {
	world.graph.faults.clear();
	world.graph.setReadableSubscriptions(undefined);
	world.proxy.refuse("", 0);
}

/** As if there had been no fault. */
async function expectNothingLost(
	world: World,
	notEvaluated = 0,
): Promise<void> {
	const { findings, cards } = undisturbed;
	const all = await world.findings("all");
	const passed = all.filter(
		({ rule, state }) => rule === "not-evaluated" && state === "resolved",
	);
	expect(passed).toHaveLength(notEvaluated);
	expect(inShort(all.filter((one) => !passed.includes(one)))).toEqual(findings);
	expect(await resolutions(world)).toEqual(passed.map(({ id }) => id).sort());
	const bodies = world.channel
		.accepted()
		.map(({ body }) => body)
		// A failed audit has a card of its own, which tells of no finding.
		.filter((body) => !body.includes("Audit failed"));
	expect(new Set(bodies).size).toBe(bodies.length);
	// The first card tells the state of the fleet, one more what got worse: neither is lost, neither comes twice.
	expect(bodies).toHaveLength(cards.length);
	expect(bodies.filter(tellsOfShared)).toHaveLength(
		cards.filter(tellsOfShared).length,
	);
}

const tellsOfShared = (card: string) => card.includes("snet-shared");

function inShort(findings: readonly Finding[]): string[] {
	return findings
		.map(({ id, state, severity, verdict }) =>
			[id, state, severity, verdict].join(" "),
		)
		.sort();
}

async function resolutions(world: World): Promise<string[]> {
	const { audits } = await world.get<{ audits: Audit[] }>("/api/audits");
	const resolved: string[] = [];
	for (const { auditId } of audits)
		for await (const { kind, finding } of changesOf(world.tables, auditId))
			if (kind === "resolved") resolved.push(finding.id);
	return resolved.sort();
}
