import * as v from "valibot";
import { said } from "./field.ts";
import { problem } from "./problem.ts";

const portal = said(
	v.nullable(v.string()),
	"The Azure portal of the configured cloud. `null`: that setting is wrong.",
);

export const reportCaller = v.object({
	door: said(
		v.picklist(["sign-in", "open"]),
		"`sign-in`: use the routes below `report/data`. `open`: the local host, which needs no key.",
	),
	name: v.exactOptional(said(v.string(), "Who is signed in.")),
	portal,
});

export const reportRefusal = v.object({
	...problem.pipe[0].entries,
	door: said(
		v.picklist(["sign-in", "key"]),
		"`sign-in`: sign in first. `key`: use the other routes, with a function key.",
	),
	signIn: v.exactOptional(said(v.string(), "Where to sign in.")),
});
