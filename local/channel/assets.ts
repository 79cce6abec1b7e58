import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { budgetKinds } from "../../shared/model/budgetKinds.ts";
import { problem } from "./proxy.ts";

const script = "text/javascript; charset=utf-8";

const types: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".js": script,
};

/** The page's files as they lie in the source folder, the table of budget kinds, and the library that renders the cards. */
export async function sendAsset(
	path: string,
	root: string,
	response: ServerResponse,
): Promise<void> {
	if (path === "/page/budgetKinds.js")
		return void response
			.writeHead(200, { "content-type": script })
			.end(`export const budgetKinds = ${JSON.stringify(budgetKinds)};\n`);
	const file = fileOf(path);
	if (file === null) return problem(response, 404, "Not found.");

	try {
		const content = await readFile(join(root, file));
		const type = types[extname(file)] ?? "application/octet-stream";
		response.writeHead(200, { "content-type": type }).end(content);
	} catch {
		problem(response, 404, "Not found.");
	}
}

/** A file's name has no slash and no way up. */
function fileOf(path: string): string | null {
	if (path === "/") return "local/channel/page/index.html";
	if (path === "/adaptivecards.js")
		return "node_modules/adaptivecards/dist/adaptivecards.min.js";

	const [, name] = /^\/page\/([a-zA-Z]+\.(?:css|js))$/.exec(path) ?? [];
	return name === undefined ? null : `local/channel/page/${name}`;
}
