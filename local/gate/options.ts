import { parseArgs } from "node:util";
import { isSubscriptionId, parseArmId } from "../../shared/arm.ts";

export const gateHelp = `Asks whether a change fits before it is made. It reads Azure and changes nothing.

What to check (one of them):
  --cluster ID --upgrade         may this cluster upgrade now? Repeat --cluster for several
  --cluster ID --pool NAME ...   would this pool fit with another --max-count N, --count N or --max-surge N|N%?
  --plan FILE                    a Terraform plan: terraform show -json tfplan > FILE
  --what-if FILE                 az deployment group|sub what-if --no-pretty-print > FILE
  --change FILE                  the body of POST /api/checks, as docs/pipelines.md describes it

Where to ask:
  --api URL                      a deployed auditor; its key comes from AUDITOR_KEY
                                 Without it: Azure itself, as the signed-in user of the Azure CLI
  --subscription ID              where a plan makes new resources, if the plan does not say it

What to print:
  --format F                     text (default), markdown, json, sarif or junit
  --output FILE                  write the format to FILE, and the text to the terminal
  --location FILE                the file that SARIF points to, for example main.tf (default: the file that is checked)
  --fail-on short                let "tight" pass with a warning
  --help                         show this text

Exit code: 0 fits, 1 short or tight, 2 could not be determined, 3 wrong use or could not run.`;

export const gateFormats = [
	"text",
	"markdown",
	"json",
	"sarif",
	"junit",
] as const;
export type GateFormat = (typeof gateFormats)[number];

/** What the gate checks. */
export type GateSubject =
	| {
			readonly kind: "plan" | "what-if" | "change";
			/** Path of the file, as it was given. */
			readonly file: string;
	  }
	| { readonly kind: "upgrade"; readonly clusters: readonly string[] }
	| {
			readonly kind: "pool";
			readonly cluster: string;
			readonly pool: string;
			/** In ARM's own names. */
			readonly properties: Readonly<Record<string, unknown>>;
	  };

export interface GateOptions {
	readonly subject: GateSubject;
	/** Address of a deployed auditor. Null: ask Azure. */
	readonly api: string | null;
	readonly subscription: string | null;
	readonly format: GateFormat;
	readonly output: string | null;
	readonly location: string | null;
	/** Whether "tight" fails, too. */
	readonly failOn: "short" | "tight";
}

/** Wrong use of the command line, in words for people. */
export class WrongUse extends Error {}

/** The options of a command line. Null: the help is asked for. Throws `WrongUse`. */
export function gateOptions(args: readonly string[]): GateOptions | null {
	const given = parsed(args);
	if (given.help) return null;
	const format = given.format ?? "text";
	if (!isFormat(format))
		throw new WrongUse(
			`--format is ${JSON.stringify(format)}; use one of ${gateFormats.join(", ")}.`,
		);
	const failOn = given["fail-on"] ?? "tight";
	if (failOn !== "short" && failOn !== "tight")
		throw new WrongUse(
			`--fail-on is ${JSON.stringify(failOn)}; use short or tight.`,
		);
	const subscription = given.subscription ?? null;
	if (subscription !== null && !isSubscriptionId(subscription))
		throw new WrongUse(
			`--subscription is ${JSON.stringify(subscription)}; use a subscription ID (a GUID).`,
		);
	return {
		subject: subjectOf(given),
		api: given.api === undefined ? null : apiAddress(given.api),
		subscription,
		format,
		output: given.output ?? null,
		location: given.location ?? null,
		failOn,
	};
}

function parsed(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {
				cluster: { type: "string", multiple: true },
				upgrade: { type: "boolean", default: false },
				pool: { type: "string" },
				"max-count": { type: "string" },
				count: { type: "string" },
				"max-surge": { type: "string" },
				plan: { type: "string" },
				"what-if": { type: "string" },
				change: { type: "string" },
				api: { type: "string" },
				subscription: { type: "string" },
				format: { type: "string" },
				output: { type: "string" },
				location: { type: "string" },
				"fail-on": { type: "string" },
				help: { type: "boolean", default: false },
			},
		}).values;
	} catch (error) {
		// parseArgs names the option and quotes no value.
		throw new WrongUse(error instanceof Error ? error.message : String(error));
	}
}
type Given = ReturnType<typeof parsed>;

function isFormat(text: string): text is GateFormat {
	return gateFormats.some((one) => one === text);
}

const files = ["plan", "what-if", "change"] as const;
const poolOptions = ["pool", "max-count", "count", "max-surge"] as const;

function subjectOf(given: Given): GateSubject {
	const [file, ...more] = files.filter((name) => given[name] !== undefined);
	const clusters = given.cluster ?? [];
	const ofPool = poolOptions.filter((name) => given[name] !== undefined);
	if (file !== undefined) {
		const other = [
			...more,
			...(clusters.length > 0 ? ["cluster"] : []),
			...(given.upgrade ? ["upgrade"] : []),
			...ofPool,
		][0];
		if (other !== undefined)
			throw new WrongUse(`Use either --${file} or --${other}, not both.`);
		return { kind: file, file: given[file] ?? "" };
	}
	const [cluster, ...otherClusters] = clusters;
	if (cluster === undefined)
		throw new WrongUse(
			"Nothing to check: give --cluster, --plan, --what-if or --change. --help shows how.",
		);
	for (const id of clusters) checkCluster(id);
	if (given.pool === undefined) {
		const [lonely] = ofPool;
		if (lonely !== undefined)
			throw new WrongUse(`--${lonely} needs --pool with the pool's name.`);
		if (!given.upgrade)
			throw new WrongUse(
				"What about the cluster? Add --upgrade, or --pool with --max-count.",
			);
		return { kind: "upgrade", clusters };
	}
	if (otherClusters.length > 0)
		throw new WrongUse("--pool works with one --cluster only.");
	if (given.upgrade)
		throw new WrongUse(
			"Use either --upgrade or --pool. A check of a pool includes upgrades.",
		);
	const properties = {
		...(given["max-count"] === undefined
			? {}
			: {
					enableAutoScaling: true,
					maxCount: nodes("max-count", given["max-count"]),
				}),
		...(given.count === undefined
			? {}
			: { count: nodes("count", given.count) }),
		...(given["max-surge"] === undefined
			? {}
			: { upgradeSettings: { maxSurge: surge(given["max-surge"]) } }),
	};
	if (Object.keys(properties).length === 0)
		throw new WrongUse(
			"What about the pool? Add --max-count, --count or --max-surge.",
		);
	return { kind: "pool", cluster, pool: given.pool, properties };
}

function checkCluster(id: string): void {
	if (parseArmId(id) === null || !/\/managedclusters\/[^/]+$/i.test(id.trim()))
		throw new WrongUse(
			`--cluster is ${JSON.stringify(id)}; use the cluster's resource ID: az aks show --query id.`,
		);
}

function nodes(option: string, text: string): number {
	if (!/^\d{1,4}$/.test(text) || Number(text) > 1000)
		throw new WrongUse(
			`--${option} is ${JSON.stringify(text)}; use a whole number from 0 to 1000.`,
		);
	return Number(text);
}

function surge(text: string): string {
	if (!/^\d{1,4}%?$/.test(text))
		throw new WrongUse(
			`--max-surge is ${JSON.stringify(text)}; use nodes (3) or a percentage (33%).`,
		);
	return text;
}

/** Only https, or http on this machine: the key travels with it. */
function apiAddress(text: string): string {
	const url = URL.parse(text);
	const local = ["localhost", "127.0.0.1", "[::1]"];
	if (
		url === null ||
		!(
			url.protocol === "https:" ||
			(url.protocol === "http:" && local.includes(url.hostname))
		)
	)
		throw new WrongUse(
			"--api is not an https address; use for example https://my-auditor.azurewebsites.net. Plain http works on loopback only.",
		);
	if (url.search !== "" || url.username !== "" || url.password !== "")
		throw new WrongUse(
			"--api has a key or a query in it; put the key into the environment variable AUDITOR_KEY.",
		);
	return url.origin;
}
