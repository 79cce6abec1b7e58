import { checkAnswer, checkBody } from "./answers/checks.ts";
import * as examples from "./examples.ts";
import type { Route } from "./route.ts";
import { alwaysRefused, json, ownRequest, refusals } from "./routeParts.ts";

export const checkRoute: Route = {
	name: "check",
	method: "post",
	path: "checks",
	access: "both",
	tag: "Checks",
	summary: "Say whether a change would fit, before it is made",
	description:
		"It changes nothing. What the body names is read from Azure Resource Manager, neighbors from Resource Graph.",
	parameters: [ownRequest],
	body: {
		required: true,
		schema: checkBody,
		example: examples.checkBody,
	},
	answers: {
		200: {
			description: "The verdict, with every budget before and after.",
			content: json(checkAnswer, examples.checkAnswer),
		},
		...alwaysRefused,
		403: refusals.OtherSite,
		413: refusals.BodyTooLarge,
		415: refusals.UnsupportedMediaType,
		503: refusals.Busy,
	},
};
