import { setTimeout } from "node:timers/promises";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";

const args = [
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

/**
 * A headless Chromium: by npm alone on Linux x64, otherwise a Chrome or Edge that is installed. Null, with the reason
 * on the console, where there is none. In CI that is an error.
 */
export async function launchBrowser(): Promise<Browser | null> {
	const problems: string[] = [];
	for (const options of candidates()) {
		try {
			return await chromium.launch({ args, ...(await options()) });
		} catch (error) {
			problems.push(error instanceof Error ? error.message : String(error));
		}
	}

	const message = `No browser could be started: ${problems.join("; ")}`;
	if (process.env.CI) throw new Error(message);
	console.warn(message);
	return null;
}

function candidates(): (() => Promise<LaunchOptions>)[] {
	const installed = ["chrome", "msedge"].map((channel) => async () => ({
		channel,
	}));
	const isBundled = process.platform === "linux" && process.arch === "x64";
	return isBundled ? [bundled, bundledLater, ...installed] : installed;
}

async function bundled(): Promise<LaunchOptions> {
	const { default: packed } = await import("@sparticuz/chromium");
	return { executablePath: await packed.executablePath() };
}

/** The package unpacks itself once for all: another process may have been half-way. */
async function bundledLater(): Promise<LaunchOptions> {
	await setTimeout(3_000);
	return bundled();
}
