import * as v from "valibot";
import { said } from "./field.ts";

export const problem = said(
	v.object({
		type: v.literal("about:blank"),
		title: v.string(),
		status: v.pipe(v.number(), v.integer()),
		detail: said(
			v.string(),
			"What is wrong, the value seen and what is accepted.",
		),
		field: v.exactOptional(
			said(v.string(), "The parameter, header, field or setting."),
		),
		errors: v.exactOptional(
			said(
				v.array(v.object({ field: v.string(), detail: v.string() })),
				"All faults of a body that has several.",
			),
		),
	}),
	"An error, as RFC 9457 defines it.",
);
