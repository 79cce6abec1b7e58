import { expect, it } from "vitest";
import { putAcceptance } from "../../shared/azure/acceptanceStore.ts";
import type { Finding } from "../../shared/contract.ts";
import { findingId } from "../../shared/findings/identity.ts";
import { rowsOf } from "../alert/cardText.ts";
import { checkedFetch } from "../http/document.ts";
import {
	barn,
	desk,
	farm,
	retail,
	sharedSubnet,
	shop,
	smallFleet,
} from "./fleets.ts";
import { useWorlds, type World } from "./world.ts";

const open = useWorlds();

const budget = sharedSubnet.toLowerCase();
const shopFinding = findingId("capacity-shortfall", shop, budget);
const terms = {
	reason: "moves in March",
	owner: "team-retail",
	expiry: new Date(Date.now() + 30 * 86_400_000).toISOString(),
};

/** Of the local host, which asks for no key. */
const done = {
	acceptedBy: "local host",
	acceptedAt: expect.stringMatching(/^20.*Z$/),
};

async function call(
	{ host }: World,
	method: "PUT" | "DELETE",
	path: string,
): Promise<number> {
	const response = await checkedFetch(host.url + path, {
		method,
		...(method === "PUT" && {
			headers: { "content-type": "application/json" },
			body: JSON.stringify(terms),
		}),
	});
	return response.status;
}

const ofShop = `/api/findings/${shopFinding}/acceptance`;

async function shown(world: World, id = shopFinding): Promise<Finding> {
	const all = await world.findings("all");
	const found = all.find((finding) => finding.id === id);
	if (found === undefined) throw new Error(`no finding ${id}`);
	return found;
}

function lastCard({ channel }: World): string {
	return rowsOf(channel.posts.at(-1)?.body ?? "").join("\n");
}

it("keeps an acceptance that is given while the audit writes, and a withdrawal", async () => {
	let between = async () => {};
	const world = await open({
		resources: smallFleet(),
		hub: {
			onStep: async ({ point, name }) => {
				if (point === "before-activity" && name === "close") await between();
			},
		},
	});
	await world.audit();
	expect(await shown(world)).toMatchObject({ acceptance: null });

	// Every slice has begun from what stood there before, and writes the finding again.
	world.graph.setResources(smallFleet({ shopMax: 9 }));
	between = async () => {
		expect(await call(world, "PUT", ofShop)).toBe(200);
	};
	const second = await world.audit();
	expect(await shown(world)).toMatchObject({
		auditId: second.auditId,
		acceptance: { ...terms, by: "finding", acceptedBy: "local host" },
	});
	expect(second.accepted).toBe(1);

	world.graph.setResources(smallFleet({ shopMax: 10 }));
	between = async () => {
		expect(await call(world, "DELETE", ofShop)).toBe(204);
	};
	const third = await world.audit();
	expect(await shown(world)).toMatchObject({
		auditId: third.auditId,
		acceptance: null,
	});
	expect(third.accepted).toBe(0);
	expect(world.channel.posts).toHaveLength(1);
});

it("accepts in one slice's last moment, too", async () => {
	let reached = false;
	const world = await open({
		resources: smallFleet(),
		hub: {
			onStep: async ({ point, name }) => {
				if (point !== "before-activity" || name !== "evaluate") return;
				if (!reached) return;
				reached = false;
				expect(await call(world, "PUT", ofShop)).toBe(200);
			},
		},
	});
	await world.audit();
	world.graph.setResources(smallFleet({ shopMax: 5 }));
	await world.audit();

	// It is resolved when it is accepted, and comes back in the same audit.
	world.graph.setResources(smallFleet());
	reached = true;
	const back = await world.audit();
	expect(back.changes).toMatchObject({ reopened: 2 });
	expect(await shown(world)).toMatchObject({
		state: "open",
		acceptance: { ...terms, by: "finding", acceptedBy: "local host" },
	});
	expect(back.alert.state).toBe("none");
});

it("says nothing of an accepted finding that goes and comes back, and tells when it worsens", async () => {
	const world = await open({ resources: smallFleet({ shopMax: 6 }) });
	await world.audit();
	expect(await shown(world)).toMatchObject({ severity: "medium" });
	expect(await call(world, "PUT", ofShop)).toBe(200);

	world.graph.setResources(smallFleet({ shopMax: 5 }));
	expect(await world.audit()).toMatchObject({
		changes: { resolved: 2 },
		accepted: 0,
		alert: { state: "none" },
	});
	expect(await shown(world)).toMatchObject({
		state: "resolved",
		acceptance: { by: "finding" },
	});

	world.graph.setResources(smallFleet({ shopMax: 6 }));
	expect(await world.audit()).toMatchObject({
		changes: { reopened: 2 },
		accepted: 1,
		alert: { state: "none" },
	});

	// Both are short (desk: tight) at autoscaler max now, not only in an upgrade on top of it.
	world.graph.setResources(smallFleet({ shopMax: 8 }));
	expect(await world.audit()).toMatchObject({
		changes: { worsened: 2 },
		accepted: 1,
		alert: { state: "sent" },
	});
	expect(lastCard(world)).toMatch(/HIGH · worse {2}shop/);
	expect(lastCard(world)).toContain("1 of these accepted.");

	world.graph.setResources(smallFleet({ shopMax: 6 }));
	expect(await world.audit()).toMatchObject({
		changes: { eased: 2 },
		alert: { state: "none" },
	});
});

it("accepts a budget for every cluster that uses it", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	const path = `/api/budgets/acceptance?budget=${encodeURIComponent(sharedSubnet)}`;
	expect(await call(world, "PUT", path)).toBe(200);

	const { findings } = await world.get<{ findings: Finding[] }>(
		"/api/findings?accepted=true",
	);
	expect(findings.map(({ cluster }) => cluster).sort()).toEqual([desk, shop]);
	for (const { acceptance } of findings)
		expect(acceptance).toEqual({ ...terms, by: "budget", ...done });
	expect(await world.audit()).toMatchObject({
		accepted: 2,
		alert: { state: "none" },
	});
});

it("tells once that an acceptance expired", async () => {
	const world = await open({ resources: smallFleet() });
	const first = await world.audit();
	await putAcceptance(world.tables, {
		...terms,
		expiry: new Date(Date.parse(first.finishedAt ?? "") + 1).toISOString(),
		by: "finding",
		acceptedBy: null,
		acceptedAt: null,
		covers: { finding: shopFinding, rule: null, cluster: shop, budget },
	});

	expect(await world.audit()).toMatchObject({
		changes: { opened: 0, reopened: 0 },
		accepted: 0,
		alert: { state: "sent" },
	});
	expect(lastCard(world)).toMatch(
		/HIGH · no longer accepted {2}shop.*accepted by team-retail until .*moves in March/s,
	);
	expect((await world.audit()).alert.state).toBe("none");
	expect(world.channel.posts).toHaveLength(2);
});

it("tells that an acceptance expired which is older than anything is kept, also at the second try", async () => {
	const world = await open({
		proxied: true,
		resources: smallFleet(),
		env: { AUDIT_RETENTION_DAYS: "1" },
	});
	const first = await world.audit();
	await putAcceptance(world.tables, {
		...terms,
		expiry: new Date(Date.parse(first.finishedAt ?? "") + 1).toISOString(),
		by: "finding",
		acceptedBy: null,
		acceptedAt: null,
		covers: { finding: shopFinding, rule: null, cluster: shop, budget },
	});

	world.clock.advance(4 * 24);
	world.proxy.refuse(/^POST .*\/alerts\b/, 1);
	expect((await world.audit()).alert.state).toBe("sent");
	expect(world.proxy.refused).toBe(1);
	expect(lastCard(world)).toContain("no longer accepted");
});

function tagged(tags: Readonly<Record<string, Record<string, string>>>) {
	return smallFleet().map((resource) => {
		const own = tags[resource.id.toLowerCase()];
		return own === undefined ? resource : { ...resource, tags: own };
	});
}

it("reads the tag of a cluster, whatever its case, for what is not critical of it", async () => {
	const until = terms.expiry.slice(0, 10);
	const expiry = `${until}T00:00:00.000Z`;
	const world = await open({
		resources: tagged({
			[shop]: {
				"Subnet-Audit-Acceptance": `until=${until}; owner=retail; reason=moves`,
			},
			[desk]: { "subnet-audit-acceptance": "yes, please" },
		}),
	});
	const first = await world.audit();
	expect(first.accepted).toBe(1);
	expect(await shown(world)).toMatchObject({
		acceptance: { reason: "moves", owner: "retail", expiry, by: "tag" },
	});
	expect(lastCard(world)).not.toContain("shop");
	expect(
		world.log.map(({ message }) => message).filter((m) => m.includes("tag")),
	).toEqual([
		`audit ${first.auditId}: the tag subnet-audit-acceptance of ${desk} accepts nothing: "yes, please" is unknown; use until=, owner= and reason=`,
	]);
	expect(await world.get("/api/acceptances")).toEqual({
		acceptances: [
			{
				etag: expect.any(String),
				reason: "moves",
				owner: "retail",
				expiry,
				by: "tag",
				acceptedBy: null,
				acceptedAt: null,
				covers: { finding: null, rule: null, cluster: shop, budget: null },
			},
		],
		withdrawn: [],
	});

	// An acceptance by somebody goes before it.
	await call(world, "PUT", ofShop);
	expect((await shown(world)).acceptance?.by).toBe("finding");
	await call(world, "DELETE", ofShop);
	expect((await shown(world)).acceptance?.by).toBe("tag");

	world.graph.setResources(smallFleet());
	expect(await world.audit()).toMatchObject({
		accepted: 0,
		alert: { state: "none" },
	});
	expect((await shown(world)).acceptance).toBeNull();
});

it("reads no tag where the setting is empty", async () => {
	const world = await open({
		resources: tagged({
			[shop]: {
				"subnet-audit-acceptance": `until=${terms.expiry}; owner=o; reason=r`,
			},
		}),
	});
	expect((await world.audit()).accepted).toBe(1);

	await world.restart({ env: { AUDIT_ACCEPTANCE_TAG: "" } });
	// Also of a cluster that this audit does not see.
	world.graph.setReadableSubscriptions([farm]);
	expect((await world.audit()).accepted).toBe(0);
	expect(await world.get("/api/acceptances")).toEqual({
		acceptances: [],
		withdrawn: [],
	});
	expect((await shown(world)).acceptance).toBeNull();
});

it("resolves nothing of a subscription that does not answer, and keeps what its tags accept", async () => {
	const world = await open({
		resources: tagged({
			[barn]: {
				"subnet-audit-acceptance": `until=${terms.expiry}; owner=farm; reason=r`,
			},
		}),
	});
	expect((await world.audit()).accepted).toBe(1);

	world.graph.setReadableSubscriptions([retail]);
	expect(await world.audit()).toMatchObject({
		state: "partial",
		accepted: 1,
		changes: { resolved: 0 },
	});
	const { findings } = await world.get<{ findings: Finding[] }>(
		"/api/findings?accepted=true",
	);
	expect(findings.map(({ clusterName }) => clusterName)).toEqual(["barn"]);
});

it("keeps the acceptance of a cluster that is gone, for when it is back", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	expect(await call(world, "PUT", ofShop)).toBe(200);

	world.graph.setResources(smallFleet({ without: ["shop"] }));
	expect(await world.audit()).toMatchObject({ accepted: 1 });
	expect(await world.audit()).toMatchObject({
		changes: { resolved: 1 },
		accepted: 0,
		alert: { state: "none" },
	});
	expect(await shown(world)).toMatchObject({
		state: "resolved",
		acceptance: { by: "finding" },
	});

	world.graph.setResources(smallFleet());
	expect(await world.audit()).toMatchObject({
		changes: { reopened: 2 },
		accepted: 1,
		alert: { state: "none" },
	});
	expect((await shown(world)).acceptance).toEqual({
		...terms,
		by: "finding",
		...done,
	});
	expect(world.channel.posts).toHaveLength(1);
});

it("counts what is accepted in an audit that failed, too", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	expect(await call(world, "PUT", ofShop)).toBe(200);
	world.graph.faults.set([{ fault: { kind: "deny" } }]);
	expect(await world.audit()).toMatchObject({ state: "failed", accepted: 1 });
});
