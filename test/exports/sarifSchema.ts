import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";

/** OASIS, version 2.1.0 with errata 01. Ajv reads draft 7; the schema uses nothing in which draft 4 differs but its `id`. */
const {
	$schema: _,
	id: __,
	...schema
} = JSON.parse(
	readFileSync(join(import.meta.dirname, "sarif-schema-2.1.0.json"), "utf8"),
);
const ajv = new Ajv({
	allErrors: true,
	strict: false,
	formats: {
		uri: (text: string) => URL.canParse(text),
		"uri-reference": /^\S+$/,
		"date-time": /^\d{4}-\d\d-\d\dT/,
	},
});
const isSarif = ajv.compile(schema);

/** What is wrong with a SARIF file. "" if nothing is. */
export function faultsOf(value: unknown): string {
	return isSarif(JSON.parse(JSON.stringify(value)))
		? ""
		: ajv.errorsText(isSarif.errors);
}
