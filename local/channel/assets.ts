import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { problem } from "./problem.ts";

const types: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
};

/** The page's files from the source folder, and the library that renders the cards. */
export async function sendAsset(
	path: string,
	root: string,
	response: ServerResponse,
): Promise<void> {
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

/** A file's name has no slash and no way up. */
function fileOf(path: string): string | null {
	if (path === "/") return "local/channel/page/index.html";
	if (path === "/adaptivecards.js")
		return "node_modules/adaptivecards/dist/adaptivecards.min.js";

	const [, name] = /^\/page\/([a-zA-Z]+\.(?:css|js))$/.exec(path) ?? [];
	return name === undefined ? null : `local/channel/page/${name}`;
}
