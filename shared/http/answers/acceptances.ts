import * as v from "valibot";
import { longestOwner, longestReason } from "../../findings/acceptance.ts";
import { said, time } from "./field.ts";

const by = v.picklist(["finding", "budget", "tag"]);

const terms = {
	reason: v.string(),
	owner: v.string(),
	expiry: said(
		time,
		"From then on the finding alerts again. ISO 8601, in UTC.",
	),
};

export const acceptance = said(
	v.object({ ...terms, by: said(by, "What was accepted.") }),
	"Somebody decided to live with a finding for a while.",
);

export const givenAcceptance = v.object({
	...terms,
	by,
	covers: said(
		v.object({
			finding: said(v.nullable(v.string()), "The ID of the finding."),
			rule: v.nullable(v.string()),
			cluster: v.nullable(v.string()),
			budget: v.nullable(v.string()),
		}),
		"One finding, all findings of one budget, or all of one cluster that are not critical.",
	),
	etag: said(v.string(), "What `If-Match` takes."),
});

export const acceptancesList = v.object({
	acceptances: v.array(givenAcceptance),
});

/** What a PUT takes. `acceptanceTerms` of parameters.ts checks it, and says every fault in words. */
export const acceptanceBody = v.strictObject({
	reason: v.pipe(v.string(), v.minLength(1), v.maxLength(longestReason)),
	owner: v.pipe(v.string(), v.minLength(1), v.maxLength(longestOwner)),
	expiry: said(
		v.string(),
		"An ISO 8601 date, or a date-time with its offset. Within a year from now.",
	),
});
