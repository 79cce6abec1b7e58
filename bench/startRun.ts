import { projectRoot } from "../local/projectRoot.ts";
import { type Azurite, startAzurite } from "../local/storage/azurite.ts";
import { hostSettings, thisRelease } from "./auditRun.ts";
import type { HostCalls } from "./hostProcess.ts";
import { answered } from "./laterRun.ts";
import type { LoadCalls } from "./loadProcess.ts";
import { median } from "./measure.ts";
import type { PreviousRelease } from "./previous.ts";
import { startRemote } from "./remote.ts";

/** What a fresh process takes: to load the functions, and from its start to its first answer. */
export interface Start {
	readonly functions: "bundled" | "not bundled" | "previous release";
	readonly loadMs: number;
	readonly firstAnswerMs: number;
}

interface Kind {
	readonly functions: Start["functions"];
	readonly root: string;
	readonly main: string;
	readonly script: string;
	readonly start: "start" | "startUnbundled";
}

const repetitions = 5;

/** In turns, so that what else runs on the machine meets all of them. */
export async function measureStarts(
	previous: PreviousRelease | null,
): Promise<Start[]> {
	const kinds = kindsOf(previous);
	const measured = kinds.map((kind) => ({
		kind,
		load: [] as number[],
		answer: [] as number[],
	}));
	for (let turn = 0; turn < repetitions; turn++)
		for (const { kind, load, answer } of measured) {
			load.push(await loadMs(kind));
			answer.push(await firstAnswerMs(kind));
		}
	return measured.map(({ kind: { functions }, load, answer }) => ({
		functions,
		loadMs: Math.round(median(load)),
		firstAnswerMs: Math.round(median(answer)),
	}));
}

function kindsOf(previous: PreviousRelease | null): Kind[] {
	const root = projectRoot();
	const { script } = thisRelease;
	const files = "dist/functions/*.js";
	return [
		{
			functions: "bundled",
			root,
			main: "dist/package/main.cjs",
			script,
			start: "start",
		},
		{
			functions: "not bundled",
			root,
			main: files,
			script,
			start: "startUnbundled",
		},
		...(previous === null
			? []
			: [
					{
						functions: "previous release",
						root: previous.root,
						main: files,
						script: previous.program.script,
						start: "start",
					} as const,
				]),
	];
}

async function loadMs({ root, main }: Kind): Promise<number> {
	const remote = startRemote<LoadCalls>("./loadProcess.js");
	try {
		return await remote.call("load", { root, main });
	} finally {
		await remote.close();
	}
}

/** Its tables are made before it counts: nobody waits for them but the first night. */
async function firstAnswerMs(kind: Kind): Promise<number> {
	const storage = await startAzurite();
	try {
		await answerOf(kind, storage);
		return await answerOf(kind, storage);
	} finally {
		await storage.close();
	}
}

async function answerOf(
	{ script, start }: Kind,
	storage: Azurite,
): Promise<number> {
	const begin = performance.now();
	const host = startRemote<HostCalls>(script);
	try {
		const graph = { url: "http://127.0.0.1:9" };
		const url = await host.call(start, hostSettings(graph, storage));
		await answered(`${url}/api/audits`);
		return performance.now() - begin;
	} finally {
		await host.close();
	}
}
