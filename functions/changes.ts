import { app } from "@azure/functions";
import * as df from "durable-functions";
import { changesStep, type FeedReaders } from "../shared/audit/changesStep.ts";
import { forgetLostTables, openTables } from "../shared/azure/openTables.ts";
import { createRead } from "../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../shared/azure/resourceGraphClient.ts";
import { changesQuery } from "../shared/feed/changesQuery.ts";
import { subnetsNamed } from "../shared/feed/place.ts";
import { clustersQuery } from "../shared/inventory/clusters.ts";
import { isOneOf, narrowed } from "../shared/inventory/narrow.ts";
import type { Read } from "../shared/inventory/reader.ts";
import { shortReason } from "../shared/reason.ts";
import {
	auditSettings,
	judgedSubscriptions,
	tablesSetting,
} from "../shared/settings/audit.ts";
import { changeSchedule, changeSettings } from "../shared/settings/changes.ts";
import { secondsSince } from "../shared/stepLine.ts";
import { within } from "../shared/time.ts";

/** A look that takes longer is given up: the next one asks for the same. */
const mostSeconds = 60;
/** Looks in one run, while events wait: a look takes 80. */
const mostLooks = 25;

/**
 * Hears what was changed between two nights, and audits it. Asks Resource Graph as often as CHANGE_FEED_MINUTES says, and
 * looks after what waits in between. Logs nothing where nothing was to do.
 */
app.timer("hearChanges", {
	schedule: changeSchedule(process.env),
	runOnStartup: false,
	extraInputs: [df.input.durableClient()],
	handler: async (_timer, context) => {
		try {
			const tables = await openTables(tablesSetting(process.env));
			const { cloud, maxHours } = auditSettings(process.env);
			const settings = changeSettings(process.env);
			const judged = judgedSubscriptions(process.env);
			const read = createRead({
				client: resourceGraphClient(cloud),
				log: (message) => context.log(`changes: ${message}`),
			})([]);
			for (let look = 1; look <= mostLooks; look++) {
				const begin = performance.now();
				const looked = await changesStep(
					df.getClient(context),
					tables,
					readersBy(read, settings.names),
					{
						...settings,
						maxHours,
						isJudged: (subscription) =>
							judged === null || judged.includes(subscription),
						now: () => new Date(),
					},
				);
				if (looked === null) return;
				const { problem, more, ...counts } = looked;
				if (problem !== null)
					context.warn(
						`changes: not all were heard, so the same are asked for again: ${problem}`,
					);
				const seconds = secondsSince(begin);
				context.log(
					JSON.stringify({ event: "changes-heard", ...counts, seconds }),
				);
				if (!more) return;
			}
		} catch (error) {
			forgetLostTables(error);
			throw error;
		}
	},
});

function readersBy(read: Read, names: boolean): FeedReaders {
	return {
		changes: async (since) => {
			try {
				const answer = await within(
					mostSeconds * 1000,
					read(changesQuery(since, names), {}),
				);
				if (answer === null)
					return {
						rows: [],
						problem: `no answer within ${mostSeconds} seconds`,
					};
				return {
					rows: answer.rows,
					problem: answer.gaps[0]?.reason ?? null,
				};
			} catch (error) {
				return { rows: [], problem: shortReason(error) };
			}
		},
		subnets: async (clusters) => {
			const condition = isOneOf("id", clusters);
			if (condition === null) return new Map();
			const { rows } = await read(narrowed(clustersQuery, condition), {});
			return new Map(rows.map((row) => [row.id, subnetsNamed(row)]));
		},
	};
}
