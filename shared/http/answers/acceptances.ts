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

const done = {
	acceptedBy: said(
		v.nullable(v.string()),
		"A user name or object ID, or the kind of access. `null` for a tag, and where it is not known.",
	),
	acceptedAt: v.nullable(time),
};

export const acceptance = said(
	v.object({ ...terms, by: said(by, "What was accepted."), ...done }),
	"Somebody decided to live with a finding for a while.",
);

const given = {
	...terms,
	by,
	...done,
	covers: said(
		v.object({
			finding: said(v.nullable(v.string()), "The ID of the finding."),
			rule: v.nullable(v.string()),
			cluster: v.nullable(v.string()),
			budget: v.nullable(v.string()),
		}),
		"One finding, all findings of one budget, or all of one cluster that are not critical.",
	),
};

export const givenAcceptance = v.object({
	...given,
	etag: said(v.string(), "What `If-Match` takes."),
});

export const withdrawnAcceptance = said(
	v.object({ ...given, withdrawnBy: v.string(), withdrawnAt: time }),
	"It is kept until it would have expired.",
);

export const acceptancesList = v.object({
	acceptances: v.array(givenAcceptance),
	withdrawn: v.array(withdrawnAcceptance),
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
