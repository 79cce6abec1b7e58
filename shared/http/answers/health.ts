import * as v from "valibot";
import { count, said, time } from "./field.ts";

const answers = said(
	v.picklist(["answers", "away", "not-asked"]),
	"`not-asked`: settings are wrong.",
);

export const health = v.object({
	status: v.picklist(["healthy", "unhealthy"]),
	reasons: said(v.array(v.string()), "Why it is not healthy."),
	notices: said(
		v.array(v.string()),
		"What is worth a look and does not make it unhealthy.",
	),
	version: said(v.string(), "The release of the auditor."),
	newestAudit: v.nullable(
		v.object({
			state: v.picklist(["completed", "partial"]),
			startedAt: time,
			ageHours: v.number(),
		}),
	),
	alerts: said(
		v.nullable(v.object({ waiting: count, failed: count })),
		"`null`: storage did not answer.",
	),
	wrongSettings: said(
		v.array(v.string()),
		"The names of wrong settings, without values.",
	),
	storage: answers,
	resourceGraph: answers,
});
