import type { AlertState } from "../contract.ts";

/** A card as it waits to be sent. The row, not the delivery's instance, says what was sent. */
export interface Alert extends AlertKey {
	readonly card: string;
	readonly state: Exclude<AlertState, "none">;
	/** Why it could not be sent, without the webhook's URL. */
	readonly reason: string | null;
	/** How often the watcher has restarted its delivery. */
	readonly restarts?: number;
}

/** An audit puts at most one card into the outbox for each channel. */
export interface AlertKey {
	readonly auditId: string;
	/** The channel's name, of small letters, digits and hyphens. */
	readonly channel: string;
}

/** The worst state comes first: an audit's alert is sent only if every channel has it. */
const worstFirst = ["failed", "pending", "recorded", "sent"] as const;

/** The worst of an audit's cards. None without any. */
export function worstState(states: readonly Alert["state"][]): AlertState {
	return worstFirst.find((state) => states.includes(state)) ?? "none";
}
