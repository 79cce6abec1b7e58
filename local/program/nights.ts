import type { VirtualClock } from "../host/clock.ts";
import type { Host } from "../host/startHost.ts";

const day = 86_400_000;

/**
 * One simulated night: the timer fires, the audit runs to its end and its card is delivered, then it is the same time of
 * the next day. Returns the audit's id; throws where the timer started none.
 */
export async function passNight(
	host: Host,
	clock: VirtualClock,
): Promise<string> {
	const evening = clock.now();
	const before = auditIdOf(host);
	await host.runTimer("schedule");
	const auditId = auditIdOf(host);
	if (auditId === null || auditId === before)
		throw new Error("the timer started no audit: the log says why");
	await host.hub.ended("fleet-audit");
	const delivery = `deliver-${auditId}`;
	if (host.hub.status(delivery)) await host.hub.ended(delivery);
	await clock.advance(evening + day - clock.now(), () => host.hub.idle());
	return auditId;
}

function auditIdOf(host: Host): string | null {
	const input = host.hub.status("fleet-audit")?.input as
		| { readonly auditId: string }
		| undefined;
	return input?.auditId ?? null;
}
