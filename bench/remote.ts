import { type ChildProcess, fork } from "node:child_process";

/** Functions that a child process answers; arguments and results are JSON. */
type Calls = Readonly<Record<string, (argument: never) => unknown>>;

/** A child process that answers calls, one at a time. */
export interface Remote<C extends Calls> {
	call<K extends keyof C & string>(
		name: K,
		...argument: Parameters<C[K]>
	): Promise<Awaited<ReturnType<C[K]>>>;
	isAlive(): boolean;
	close(): Promise<void>;
}

interface Call {
	readonly name: string;
	readonly argument: unknown;
}

type Reply =
	| { readonly ok: true; readonly value: unknown }
	| { readonly ok: false; readonly reason: string };

/** Starts a compiled script, of this folder or by its URL, in a process of its own, which ends with this one. */
export function startRemote<C extends Calls>(
	script: string,
	nodeOptions: readonly string[] = [],
): Remote<C> {
	const child = fork(new URL(script, import.meta.url), {
		execArgv: [...process.execArgv, ...nodeOptions],
	});
	return {
		call: async (name, ...[argument]) => {
			const reply = await replyOf(child, { name, argument }, script);
			if (!reply.ok) throw new Error(`${script}, ${name}: ${reply.reason}`);
			return reply.value as never;
		},
		isAlive: () => !hasEnded(child),
		close: () => end(child),
	};
}

function replyOf(
	child: ChildProcess,
	call: Call,
	script: string,
): Promise<Reply> {
	return new Promise((resolve, reject) => {
		const ended = () => reject(new Error(`${script} ended`));
		child.once("exit", ended);
		child.once("message", (reply) => {
			child.off("exit", ended);
			resolve(reply as Reply);
		});
		child.send(call, (error) => error && reject(error));
	});
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
	return exitCode !== null || signalCode !== null;
}

function end(child: ChildProcess): Promise<void> {
	return new Promise((resolve) => {
		if (hasEnded(child)) resolve();
		child.once("exit", () => resolve());
		if (child.connected) child.disconnect();
	});
}

/** The child's side: answers until the parent is gone. */
export function answerCalls(calls: Calls): void {
	process.on("message", ({ name, argument }: Call) => {
		void outcomeOf(calls, name, argument).then((reply) =>
			process.send?.(reply),
		);
	});
	process.on("disconnect", () => process.exit(0));
}

async function outcomeOf(
	calls: Calls,
	name: string,
	argument: unknown,
): Promise<Reply> {
	try {
		return { ok: true, value: await calls[name]?.(argument as never) };
	} catch (error) {
		const reason = error instanceof Error ? error.stack : String(error);
		return { ok: false, reason: reason ?? "unknown error" };
	}
}
