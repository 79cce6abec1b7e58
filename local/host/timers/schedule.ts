import { Cron } from "croner";

/** When an NCRONTAB expression comes round next, in milliseconds since 1970. Undefined where it never does again. */
export type Schedule = (after: number) => number | undefined;

/** NCRONTAB of five or six fields (seconds first), in UTC as in Azure. Throws on anything else, naming the function. */
export function parseSchedule(
	expression: string,
	functionName: string,
): Schedule {
	try {
		// Both the day of the month and the day of the week must match, unlike in cron.
		const cron = new Cron(expression, {
			paused: true,
			mode: "5-or-6-parts",
			timezone: "UTC",
			domAndDow: true,
		});
		return (after) => cron.nextRun(new Date(after))?.getTime();
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new Error(
			`The schedule '${expression}' of function ${functionName} is not valid: ${reason}`,
		);
	}
}
