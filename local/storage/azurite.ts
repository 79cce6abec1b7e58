import { type ChildProcess, spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** Account and key of every storage emulator, public by documentation: no secret. */
const account = "devstoreaccount1";
const key =
	"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export interface Azurite {
	readonly connectionString: string;
	readonly pid: number;
	close(): Promise<void>;
}

/** Starts Azurite's tables on loopback, in memory, on a free port. */
export async function startAzurite(): Promise<Azurite> {
	for (let attempt = 1; ; attempt++) {
		const port = await freePort();
		const child = launch(port);
		try {
			await started(child);
			return {
				connectionString: connectionString(port),
				pid: child.pid ?? 0,
				close: () => end(child),
			};
		} catch (error) {
			// Somebody else may have taken the port in between.
			await end(child);
			if (attempt === 3) throw error;
		}
	}
}

function launch(port: number): ChildProcess {
	const program = new URL(
		`./azuriteProcess${extname(import.meta.filename)}`,
		import.meta.url,
	);
	const options = [
		"--silent",
		"--inMemoryPersistence",
		"--disableTelemetry",
		"--skipApiVersionCheck",
		"--tableHost",
		"127.0.0.1",
		"--tablePort",
		String(port),
	];
	return spawn(process.execPath, [fileURLToPath(program), ...options], {
		stdio: ["pipe", "pipe", "pipe"],
	});
}

function started(child: ChildProcess): Promise<void> {
	return new Promise((resolve, reject) => {
		let output = "";
		const take = (chunk: Buffer) => {
			output += chunk.toString();
			if (output.includes("successfully started")) resolve();
		};
		child.stdout?.on("data", take);
		child.stderr?.on("data", take);
		child.once("error", reject);
		child.once("exit", () =>
			reject(new Error(`Azurite did not start: ${output.trim()}`)),
		);
	});
}

function end(child: ChildProcess): Promise<void> {
	return new Promise((resolve) => {
		if (child.exitCode !== null || child.signalCode !== null) {
			resolve();
			return;
		}
		child.once("exit", () => resolve());
		child.stdin?.end();
		child.kill();
	});
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(0, "127.0.0.1", resolve);
	});
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

function connectionString(port: number): string {
	return [
		"DefaultEndpointsProtocol=http",
		`AccountName=${account}`,
		`AccountKey=${key}`,
		`TableEndpoint=http://127.0.0.1:${port}/${account}`,
	].join(";");
}
