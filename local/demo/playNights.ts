import { changeText } from "../../shared/alert/cardText.ts";
import { type Audit, changeKinds } from "../../shared/contract.ts";
import type { VirtualClock } from "../host/clock.ts";
import type { Stage } from "../program/auditProgram.ts";
import { passNight } from "../program/nights.ts";
import { summary } from "../program/summary.ts";
import type { ResourceGraphServer } from "../resourceGraph/server.ts";
import { fleetOfNight, nightOf } from "./nights.ts";

/** When the first night is: a fixed day, so that every run tells the same. */
export const firstNight = "2026-09-01T05:00:00.000Z";

/** Plays this many nights, a line each, then says how many cards the channel got. */
export async function playNights(
	{ host, calls, channel }: Stage,
	graph: ResourceGraphServer,
	clock: VirtualClock,
	nights: number,
): Promise<Audit> {
	const silent: number[] = [];
	let audit: Audit | null = null;
	for (let number = 1; number <= nights; number++) {
		const night = nightOf(number);
		const { resources, readableSubscriptions } = fleetOfNight(night);
		graph.setResources(resources);
		graph.setReadableSubscriptions(readableSubscriptions);
		const cards = channel.cards.length;
		audit = await calls.audit(await passNight(host, clock));
		const posted = channel.cards.length - cards;
		if (posted === 0) silent.push(number);
		console.log(nightLine(number, audit, posted, night.says));
	}
	if (audit === null)
		throw new Error(`Played ${nights} nights; use 1 or more.`);
	const { cards } = channel;
	console.log(
		`\n${nights} nights: ${cards.length} cards; ${silent.length} nights without a card${silent.length > 0 ? ` (${spans(silent)})` : ""}.\n`,
	);
	console.log(summary(audit, await calls.openFindings(1000)));
	return audit;
}

function nightLine(
	number: number,
	{ startedAt, state, changes }: Audit,
	posted: number,
	says: string,
): string {
	const changed = changeKinds
		.filter((kind) => changes[kind] > 0)
		.map((kind) => `${changes[kind]} ${changeText[kind]}`)
		.join(", ");
	return [
		String(number).padStart(2),
		startedAt.slice(0, 10),
		state.padEnd(9),
		(posted > 0 ? "card" : "-").padEnd(4),
		(changed === "" ? "no change" : changed).padEnd(24),
		says,
	]
		.join("  ")
		.trimEnd();
}

/** `2-4, 7`: numbers in a row as one. */
function spans(numbers: readonly number[]): string {
	const rows: [number, number][] = [];
	for (const number of numbers) {
		const last = rows.at(-1);
		if (last?.[1] === number - 1) last[1] = number;
		else rows.push([number, number]);
	}
	return rows
		.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
		.join(", ");
}
