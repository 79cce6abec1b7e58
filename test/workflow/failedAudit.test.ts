import { expect, it } from "vitest";
import { smallFleet } from "./fleets.ts";
import { useWorlds } from "./world.ts";

const open = useWorlds();

it("still counts what is open: an audit that saw nothing is not an all-clear", async () => {
	const world = await open({ resources: smallFleet() });
	const first = await world.audit();
	expect(first.findings.high).toBeGreaterThan(0);

	world.graph.faults.set([{ fault: { kind: "deny" } }]);
	const failed = await world.audit();
	expect(failed.state).toBe("failed");
	expect(failed.findings).toEqual(first.findings);
	expect(failed.changes).toMatchObject({ opened: 0, resolved: 0 });
});
