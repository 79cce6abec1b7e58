import { expect, it } from "vitest";
import { secret } from "./channel.ts";
import { smallFleet } from "./fleets.ts";
import { useWorlds } from "./world.ts";

const open = useWorlds();

it("still counts what is open: that it saw nothing is no all-clear", async () => {
	const world = await open({ resources: smallFleet() });
	const first = await world.audit();
	expect(first.findings.high).toBeGreaterThan(0);

	world.graph.faults.set([{ fault: { kind: "deny" } }]);
	const failed = await world.audit();
	expect(failed.state).toBe("failed");
	expect(failed.findings).toEqual(first.findings);
	expect(failed.changes).toMatchObject({ opened: 0, resolved: 0 });
});

it("says in the log why a card was refused, and not where to", async () => {
	const world = await open({ resources: smallFleet() });
	world.channel.react(400);
	const audit = await world.audit();
	expect(audit.alert.state).toBe("failed");
	const errors = world.log
		.filter(({ level }) => level === "error")
		.map(({ message }) => message);
	expect(errors).toContainEqual(
		expect.stringMatching(/its alert was refused for good: .*400/),
	);
	expect(errors.join("\n")).not.toContain(secret);
});
