import type { Death, Ending, WatchNotes } from "../records/watchNotes.ts";
import { packed, unpacked } from "./entity.ts";
import { findEntity, isStatus, type Tables } from "./tables.ts";

const partition = "watch";
const row = "fleet";
const mostDeaths = 20;
const mostEnding = 20;
/** At most two hosts write at once. Whoever loses this often stops with an error. */
const tries = 10;

const nothingNoted: WatchNotes = { deaths: [], ending: [] };

export async function readNotes({ audits }: Tables): Promise<WatchNotes> {
	const entity = await findEntity(audits, partition, row);
	return entity === null ? nothingNoted : unpacked<WatchNotes>(entity);
}

export async function changeNotes(
	{ audits }: Tables,
	change: (notes: WatchNotes) => WatchNotes,
): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		const entity = await findEntity(audits, partition, row);
		const { deaths, ending } = change(
			entity === null ? nothingNoted : unpacked<WatchNotes>(entity),
		);
		const next = packed(
			{ partitionKey: partition, rowKey: row },
			{
				deaths: deaths.slice(0, mostDeaths),
				ending: ending.slice(0, mostEnding),
			},
		);
		try {
			if (entity === null) await audits.createEntity(next);
			else
				await audits.updateEntity(next, "Replace", {
					etag: String(entity.etag),
				});
			return;
		} catch (error) {
			const lost = [404, 409, 412].some((status) => isStatus(error, status));
			if (!lost || attempt === tries) throw error;
		}
	}
}

export function noteDeath(tables: Tables, death: Death): Promise<void> {
	return changeNotes(tables, (notes) => ({
		...notes,
		deaths: [death, ...notes.deaths],
	}));
}

export function noteEnding(tables: Tables, ending: Ending): Promise<void> {
	return changeNotes(tables, (notes) => ({
		...notes,
		ending: [
			...notes.ending.filter((one) => one.instanceId !== ending.instanceId),
			ending,
		],
	}));
}
