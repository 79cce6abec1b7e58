import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { changeText } from "../../shared/alert/cardText.ts";
import { severities } from "../../shared/contract.ts";
import {
	otherResourceNames,
	scenarioLabels,
	unitTexts,
} from "../../shared/model/amountText.ts";
import { budgetKinds } from "../../shared/model/budgetKinds.ts";
import { decisions } from "../../shared/model/decisionText.ts";
import { alertText } from "../program/summary.ts";
import { problem } from "./proxy.ts";

const script = "text/javascript; charset=utf-8";

const types: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".js": script,
};

/** The program's own lists and words, which the page imports instead of writing them again. */
const generated: Readonly<Record<string, object>> = {
	"/page/budgetKinds.js": { budgetKinds },
	"/page/vocabulary.js": {
		alertText,
		changeText,
		decisions,
		otherResourceNames,
		scenarioLabels,
		severities,
		unitTexts,
	},
};

/** The page's files from the source folder, what is generated for it, and the library that renders the cards. */
export async function sendAsset(
	path: string,
	root: string,
	response: ServerResponse,
): Promise<void> {
	const values = generated[path];
	if (values !== undefined)
		return void response
			.writeHead(200, { "content-type": script })
			.end(moduleOf(values));
	const file = fileOf(path);
	if (file === null) return problem(response, 404, `There is no ${path}.`);

	try {
		const content = await readFile(join(root, file));
		const type = types[extname(file)] ?? "application/octet-stream";
		response.writeHead(200, { "content-type": type }).end(content);
	} catch {
		problem(response, 404, `There is no ${path}.`);
	}
}

function moduleOf(values: object): string {
	return Object.entries(values)
		.map(
			([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`,
		)
		.join("");
}

/** A file's name has no slash and no way up. */
function fileOf(path: string): string | null {
	if (path === "/") return "local/channel/page/index.html";
	if (path === "/adaptivecards.js")
		return "node_modules/adaptivecards/dist/adaptivecards.min.js";

	const [, name] = /^\/page\/([a-zA-Z]+\.(?:css|js))$/.exec(path) ?? [];
	return name === undefined ? null : `local/channel/page/${name}`;
}
