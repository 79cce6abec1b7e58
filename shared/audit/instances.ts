import type { DurableClient } from "durable-functions";
import type { AlertKey } from "../alert/alert.ts";
import { defaultChannel } from "../alert/routes.ts";
import { exitText } from "../azure/workerDeath.ts";
import type { AuditKind } from "../records/auditRecord.ts";

/** The part of the durable client that starts, asks and ends. */
export type InstanceClient = Pick<
	DurableClient,
	"startNew" | "getStatus" | "terminate"
>;

export const orchestrationOf = {
	fleet: "fleetAudit",
	scoped: "scopedAudit",
} as const satisfies Record<AuditKind, string>;
export const deliveryName = "deliver";

/** Each audit has an instance of its own: nothing ever waits for an earlier one to end. */
export function auditInstanceId(auditId: string): string {
	return `audit-${auditId}`;
}

/** Each channel's card is delivered by itself: one that does not answer delays no other. */
export function deliveryId({ auditId, channel }: AlertKey): string {
	return channel === defaultChannel
		? `deliver-${auditId}`
		: `deliver-${auditId}-${channel}`;
}

type InstanceState =
	/** Running, or waiting for a host that is away: it goes on by itself. */
	| { readonly kind: "alive" }
	/** It has ended, in whatever way. */
	| { readonly kind: "over"; readonly why: string }
	/** The task hub knows no such instance. */
	| { readonly kind: "gone" };

const alive = ["Running", "Pending", "Suspended", "ContinuedAsNew"];

/** The status of an id that the hub does not know throws, with a code in its text alone. */
export async function instanceState(
	client: Pick<InstanceClient, "getStatus">,
	instanceId: string,
): Promise<InstanceState> {
	try {
		const status = await client.getStatus(instanceId);
		if (alive.includes(status.runtimeStatus)) return { kind: "alive" };
		return { kind: "over", why: whyOver(status) };
	} catch (error) {
		if (error instanceof Error && /\b404\b/.test(error.message))
			return { kind: "gone" };
		throw error;
	}
}

/** In our own words: the extension's own text contains exceptions and stacks. */
function whyOver({
	runtimeStatus,
	output,
}: {
	readonly runtimeStatus: string;
	readonly output?: unknown;
}): string {
	switch (runtimeStatus) {
		case "Failed":
			return exitText(output) ?? "its orchestration failed";
		case "Terminated":
		case "Canceled":
			return "its orchestration was terminated";
		default:
			return "its orchestration ended before it did";
	}
}

/** True: started. False: an instance with the id runs already. Other refusals are errors. */
export async function startDelivery(
	client: Pick<InstanceClient, "startNew">,
	alert: AlertKey,
): Promise<boolean> {
	const { auditId, channel } = alert;
	try {
		await client.startNew(deliveryName, {
			instanceId: deliveryId(alert),
			input: { auditId, channel },
		});
		return true;
	} catch (error) {
		if (error instanceof Error && /\b409\b/.test(error.message)) return false;
		throw error;
	}
}
