import type { Secret } from "../alert/routes.ts";
import {
	type Answers,
	type Health,
	judgeHealth,
	type Vitals,
} from "../health.ts";
import { isSignInFaked } from "../http/callers.ts";
import { subscriptionsQuery } from "../inventory/subscriptions.ts";
import { shortReason } from "../reason.ts";
import { alertProblems, alertSettings } from "../settings/alert.ts";
import { type AuditSettings, auditSettings } from "../settings/audit.ts";
import { changeSettings } from "../settings/changes.ts";
import type { Cloud } from "../settings/cloud.ts";
import {
	type Environment,
	SettingsError,
	wrongNames,
} from "../settings/environment.ts";
import { storageSetting, storageSettingName } from "../settings/storage.ts";
import { webhookAddress } from "../settings/webhookAddress.ts";
import { dayMs } from "../time.ts";
import { firstLook, newestEnd } from "./auditStore.ts";
import { readFeedLooks } from "./feedStore.ts";
import { forgetLostTables, openTables } from "./openTables.ts";
import { failedAlertsSince, pendingAlerts } from "./outbox.ts";
import { queryFailure } from "./queryError.ts";
import { resourceGraphClient } from "./resourceGraphClient.ts";
import { refusalOf, type Tables } from "./tables.ts";
import { readSecret } from "./vaultSecret.ts";
import { readNotes } from "./watchStore.ts";

/** Nobody waits longer for the answer of one part. */
const patienceMs = 4000;
const lately = 7 * dayMs;
/** However often anybody asks, this process asks storage and Resource Graph once in this time. */
const keptMs = {
	vitals: 10_000,
	/** One of 15 requests in 5 seconds: nothing that an audit would feel. */
	resourceGraph: 300_000,
	/** Vaults count requests in thousands a second. */
	vault: 300_000,
	/** What was away is looked at sooner. */
	away: 60_000,
};

/**
 * Asks storage and Resource Graph whether they answer, and judges what is known. Throws nothing that a caller could
 * cause. What did not answer is said in the log.
 */
export async function checkHealth(
	env: Environment,
	version: string,
	logError: (message: string) => void,
): Promise<Health> {
	const audit = settingsOf(() => auditSettings(env));
	const changes = settingsOf(() => changeSettings(env));
	const [vitals, resourceGraph, webhooks] = await Promise.all([
		vitalsOf(env, logError),
		audit.settings === null
			? ("not-asked" as const)
			: askedResourceGraph(audit.settings, logError),
		askedVault(env, logError),
	]);
	const refused = vitals === "refused";
	return judgeHealth({
		version,
		vitals: refused ? null : vitals,
		resourceGraph,
		wrongAuditSettings: refused
			? [...audit.wrong, storageSettingName(env)]
			: audit.wrong,
		wrongChangeSettings: changes.wrong,
		feedEvery: changes.settings?.every ?? null,
		wrongAlertSettings: wrongNames([
			...alertProblems(env),
			...webhooks.problems,
		]),
		webhookMissing: webhooks.missing,
		signInFaked: isSignInFaked(env),
		maxAgeHours: audit.settings?.healthMaxAgeHours ?? null,
		now: new Date(),
	});
}

function settingsOf<T>(read: () => T): {
	readonly settings: T | null;
	readonly wrong: readonly string[];
} {
	try {
		return { settings: read(), wrong: [] };
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		return { settings: null, wrong: wrongNames(error.problems) };
	}
}

async function vitalsOf(
	env: Environment,
	logError: (message: string) => void,
): Promise<Vitals | "refused" | null> {
	const { settings: storage } = settingsOf(() => storageSetting(env));
	if (storage === null) return null;
	return kept(
		`vitals ${JSON.stringify(storage)}`,
		async (): Promise<{
			readonly value: Vitals | "refused" | null;
			readonly keptMs: number;
		}> => {
			try {
				const read = openTables(storage).then((tables) =>
					readVitals(tables, new Date()),
				);
				return { value: await within(read), keptMs: keptMs.vitals };
			} catch (error) {
				forgetLostTables(error);
				const refusal = refusalOf(error);
				logError(
					refusal === null
						? `health: storage does not answer: ${shortReason(error)}`
						: `health: the storage refuses ${storageSettingName(env)}: ${refusal}`,
				);
				const value = refusal === null ? null : ("refused" as const);
				return { value, keptMs: keptMs.vitals };
			}
		},
	);
}

async function readVitals(tables: Tables, now: Date): Promise<Vitals> {
	const [newest, waiting, failed, { deaths, ending }, looks] =
		await Promise.all([
			newestEnd(tables),
			pendingAlerts(tables),
			failedAlertsSince(tables, new Date(now.getTime() - lately)),
			readNotes(tables),
			readFeedLooks(tables),
		]);
	const since = newest?.startedAt ?? (await firstLook(tables, now));
	const alerts = { waiting: waiting.length, failed };
	const feed = {
		looked:
			looks?.asked ??
			Date.parse(await firstLook(tables, now, "first-look-feed")),
		failing: looks?.failing ?? null,
	};
	return { newest, since, alerts, deaths, ending, feed };
}

function askedResourceGraph(
	{ cloud }: AuditSettings,
	logError: (message: string) => void,
): Promise<Answers> {
	return kept(`resource graph ${cloud.endpoint}`, async () => {
		try {
			await within(oneRow(cloud));
			return { value: "answers", keptMs: keptMs.resourceGraph };
		} catch (error) {
			// A service that counts requests is there.
			if (queryFailure(error).kind === "throttled")
				return { value: "answers", keptMs: keptMs.resourceGraph };
			logError(`health: Resource Graph does not answer: ${shortReason(error)}`);
			return { value: "away", keptMs: keptMs.away };
		}
	});
}

interface Webhooks {
	readonly problems: readonly string[];
	/** The default channel has no address yet. */
	readonly missing: boolean;
}

/** Whether the webhooks that are in a vault can be read, before the night in which they are needed. */
async function askedVault(
	env: Environment,
	logError: (message: string) => void,
): Promise<Webhooks> {
	const { settings } = settingsOf(() => alertSettings(env));
	const secrets = (settings?.channels ?? []).flatMap(({ webhook }) =>
		webhook.kind === "secret" ? [webhook] : [],
	);
	if (secrets.length === 0) return { problems: [], missing: false };
	return kept(`vault ${JSON.stringify(secrets)}`, async () => {
		const read = await Promise.all(
			secrets.map((one) => webhookAddress(one, patientRead)),
		);
		const problems = read.flatMap((one) =>
			one.kind === "wrong" ? [one.reason] : [],
		);
		for (const problem of problems) logError(`health: ${problem}`);
		return {
			value: { problems, missing: read.some(({ kind }) => kind === "none") },
			keptMs: problems.length > 0 ? keptMs.away : keptMs.vault,
		};
	});
}

async function patientRead(address: string): Promise<Secret> {
	try {
		return await within(readSecret(address));
	} catch (error) {
		return { kind: "unreadable", reason: shortReason(error) };
	}
}

async function oneRow(cloud: Cloud): Promise<void> {
	await resourceGraphClient(cloud).resources(
		{
			query: subscriptionsQuery.kql,
			options: { top: 1, resultFormat: "objectArray" },
		},
		{ abortSignal: AbortSignal.timeout(patienceMs) },
	);
}

interface Kept {
	readonly until: number;
	readonly answer: Promise<unknown>;
}

const answers = new Map<string, Kept>();

/** The answer while it is fresh. Callers that come at once share one question. `ask` must not throw. */
function kept<T>(
	key: string,
	ask: () => Promise<{ readonly value: T; readonly keptMs: number }>,
): Promise<T> {
	const fresh = answers.get(key);
	if (fresh !== undefined && performance.now() < fresh.until)
		return fresh.answer as Promise<T>;
	const answer = ask().then(({ value, keptMs }) => {
		answers.set(key, { until: performance.now() + keptMs, answer });
		return value;
	});
	answers.set(key, { until: Number.POSITIVE_INFINITY, answer });
	return answer;
}

/** Ends the waiting, not the call: its outcome is of no interest any more. */
async function within<T>(call: Promise<T>): Promise<T> {
	let timeout: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timeout = setTimeout(
			() => reject(new Error(`no answer within ${patienceMs / 1000} seconds`)),
			patienceMs,
		);
	});
	try {
		return await Promise.race([call, late]);
	} finally {
		clearTimeout(timeout);
	}
}
