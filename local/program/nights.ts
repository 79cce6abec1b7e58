import type { VirtualClock } from "../host/clock.ts";
import type { Host } from "../host/startHost.ts";

const day = 86_400_000;

/**
 * One simulated night: the timer fires, the audit runs to its end and its card is delivered, then it is the same time
 * of the next day. Returns the audit's id. Throws where the timer started none.
 */
export async function passNight(
	host: Host,
	clock: VirtualClock,
): Promise<string> {
	const evening = clock.now();
	const before = newestAudit(host);
	await host.runTimer("schedule");
	const audit = newestAudit(host);
	if (audit === null || audit.auditId === before?.auditId)
		throw new Error("The timer started no audit. The log has the reason.");
	const { auditId } = audit;
	await host.hub.ended(audit.instanceId);
	const delivery = `deliver-${auditId}`;
	if (host.hub.status(delivery)) await host.hub.ended(delivery);
	await clock.advance(evening + day - clock.now(), () => host.hub.idle());
	return auditId;
}

/** Ids of audits sort by the time at which they were started. */
function newestAudit({ hub }: Host) {
	const audits = hub
		.list()
		.filter(({ name }) => name === "fleetAudit")
		.map(({ instanceId, input }) => {
			const { auditId } = input as { readonly auditId: string };
			return { instanceId, auditId };
		});
	return audits.toSorted((a, b) => (a.auditId < b.auditId ? 1 : -1))[0] ?? null;
}
