import { expect, it } from "vitest";
import type { Audit } from "../../shared/contract.ts";
import { checkedFetch } from "../http/document.ts";
import { smallFleet } from "./fleets.ts";
import { useWorlds } from "./world.ts";

const open = useWorlds();

it("makes its tables again if storage started empty, without a restart of the host", async () => {
	const world = await open({ resources: smallFleet() });
	await world.audit();
	for (const table of Object.values(world.tables)) await table.deleteTable();

	const lost = await checkedFetch(`${world.host.url}/api/audits`);
	expect(lost.status).toBe(503);
	const { audits } = await world.get<{ audits: Audit[] }>("/api/audits");
	expect(audits).toEqual([]);
	expect(await world.audit()).toMatchObject({
		state: "completed",
		changes: { opened: 3 },
	});
});
