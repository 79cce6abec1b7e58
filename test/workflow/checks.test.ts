import { expect, it } from "vitest";
import type { CheckAnswer } from "../../shared/checks/contract.ts";
import { farm, retail, shop, smallFleet } from "./fleets.ts";
import { useWorlds, type World } from "./world.ts";

const open = useWorlds();

async function post(world: World, body: unknown) {
	const response = await fetch(`${world.host.url}/api/checks`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: typeof body === "string" ? body : JSON.stringify(body),
	});
	return { status: response.status, body: await response.json() };
}

async function checked(world: World, body: unknown): Promise<CheckAnswer> {
	const answer = await post(world, body);
	if (answer.status !== 200) throw new Error(JSON.stringify(answer));
	return answer.body as CheckAnswer;
}

interface Capacity {
	readonly budgets: readonly {
		readonly id: string;
		readonly kind: string;
		readonly scenarios: Readonly<
			Record<string, { demand: unknown; verdict: string }>
		>;
	}[];
}

it("checks beside audits, with what these know", async () => {
	const world = await open({ resources: smallFleet({ guest: true }) });
	await world.audit();

	// Nothing is changed: what the audit said, also where Resource Graph refuses at first, and twice at once.
	const { faults } = world.graph;
	faults.set([{ fault: { kind: "throttle", retryAfterSeconds: 0 }, times: 3 }]);
	const [now, again] = await Promise.all([
		checked(world, { clusters: [shop] }),
		checked(world, { clusters: [shop.toUpperCase().toLowerCase()] }),
	]);
	faults.clear();
	const { budgets } = await world.get<Capacity>(
		`/api/capacity?cluster=${encodeURIComponent(shop)}`,
	);
	const said = ({ clusters }: CheckAnswer) =>
		clusters[0]?.budgets.map(({ id, kind, after }) => ({
			id,
			kind,
			scenarios: Object.fromEntries(
				Object.entries(after?.scenarios ?? {}).map(
					([name, { demand, verdict }]) => [name, { demand, verdict }],
				),
			),
		}));
	expect(said(now)).toEqual(
		budgets.map(({ id, kind, scenarios }) => ({
			id,
			kind,
			scenarios: Object.fromEntries(
				Object.entries(scenarios).map(([name, { demand, verdict }]) => [
					name,
					{ demand, verdict },
				]),
			),
		})),
	);
	expect(said(again)).toEqual(said(now));

	// 203 of 251, and a surge node of 29. Then 8 more IPs than there are: two nodes beyond that.
	const upgrade = { clusters: [shop], scenarios: ["upgrade"] };
	expect((await checked(world, upgrade)).verdict).toBe("fits");
	const raised = await checked(world, {
		resources: [{ id: `${shop}/agentPools/apps`, properties: { count: 6 } }],
		scenarios: ["today", "upgrade"],
	});
	expect(
		raised.clusters.map(({ clusterName, asked, verdict }) => [
			clusterName,
			asked,
			verdict,
		]),
	).toEqual([
		["shop", true, "short"],
		["desk", false, "short"],
		["guest", false, "short"],
	]);

	// The farm's guest uses the subnet. It is not seen any more, and so nothing fits for certain.
	world.graph.setReadableSubscriptions([retail]);
	const blind = await checked(world, upgrade);
	expect(blind.verdict).toBe("unknown");
	expect(JSON.stringify(blind.gaps)).toContain(farm);

	expect(
		await post(world, JSON.stringify({ clusters: ["/".repeat(2 ** 20)] })),
	).toMatchObject({
		status: 413,
		body: { detail: expect.stringContaining("1048576") },
	});
	expect(
		await post(world, { clusters: [shop], removed: ["desk"] }),
	).toMatchObject({ status: 400, body: { field: "removed[0]" } });
});
