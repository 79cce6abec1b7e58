import { afterEach, vi } from "vitest";
import type { LogEntry } from "../../local/host/log.ts";
import {
	type Host,
	type HostOptions,
	startHost,
} from "../../local/host/startHost.ts";
import type { ArmResource } from "../../local/resourceGraph/rows.ts";
import {
	type ResourceGraphServer,
	startResourceGraph,
} from "../../local/resourceGraph/server.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import type { Audit, AuditScope, Finding } from "../../shared/contract.ts";
import type { Health } from "../../shared/health.ts";
import { type Channel, startChannel } from "./channel.ts";
import { hastyClock, type MovableClock } from "./clock.ts";
import { sharedStorage, tablesOf } from "./storage.ts";
import { type StorageProxy, startStorageProxy } from "./storageProxy.ts";

/**
 * A tenant, a storage account, a channel, and a host over the bundled functions that has them as its settings. Settings
 * are the process's own: while several worlds are open, the routes of each answer from the storage of the newest.
 */
export interface World {
	readonly graph: ResourceGraphServer;
	readonly channel: Channel;
	/** Read past the proxy. */
	readonly tables: Tables;
	/** Only where the world was opened with one. */
	readonly proxy: StorageProxy;
	readonly log: readonly LogEntry[];
	readonly clock: MovableClock;
	readonly host: Host;
	/** Ends the host, and starts one again: without a store it is one that has lost its memory. */
	restart(
		options?: Pick<HostOptions, "hub"> & {
			/** Null: as a local host. By default as the world was opened. */
			readonly asAzure?: HostOptions["asAzure"] | null;
			readonly env?: Readonly<Record<string, string>>;
		},
	): Promise<Host>;
	/** POST /api/audits, of the fleet or of a part of it. */
	start(scope?: AuditScope): Promise<string>;
	/** Starts an audit, waits for its end and, where there is one, for the end of its delivery. */
	audit(scope?: AuditScope): Promise<Audit>;
	/** Waits until the audit's instance, and that of its delivery, are over. */
	ended(auditId: string): Promise<Audit>;
	get<T>(path: string): Promise<T>;
	health(): Promise<Health>;
	/** Moves the date of this process, until the end of the test. */
	later(minutes: number): void;
	/** All findings of a state, page after page. */
	findings(state?: "open" | "resolved" | "all"): Promise<Finding[]>;
	close(): Promise<void>;
}

export interface WorldOptions
	extends Pick<HostOptions, "hub" | "load" | "asAzure"> {
	readonly resources: readonly ArmResource[];
	readonly readableSubscriptions?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** False: no webhook is set. */
	readonly webhook?: boolean;
	/** A proxy before storage, for tests that disturb it: a third of the time of a test. */
	readonly proxied?: boolean;
}

/** Call once in a test file. The worlds that it opens end with their test. */
export function useWorlds(): (options: WorldOptions) => Promise<World> {
	const storage = sharedStorage();
	let opened: World[] = [];
	afterEach(async () => {
		for (const world of opened) await world.close();
		opened = [];
		vi.useRealTimers();
	});
	return async (options) => {
		const world = await openWorld(storage.next(), options);
		opened.push(world);
		return world;
	};
}

/** The ID of the instance that runs an audit. Undefined if there is none. */
export function auditInstance(
	{ hub }: Host,
	auditId: string,
): string | undefined {
	return hub.list().find(({ name, input }) => {
		const started = input as { readonly auditId?: string };
		const isAudit = name === "fleetAudit" || name === "scopedAudit";
		return isAudit && started.auditId === auditId;
	})?.instanceId;
}

/** The default channel's, and those of the routes that tests name. */
function deliveries(auditId: string): string[] {
	const id = `deliver-${auditId}`;
	return [id, ...routed.map((channel) => `${id}-${channel}`)];
}

/** Channels of tests that set routes. */
const routed = ["retail", "farm"] as const;

/** For a world that more than one test looks at. */
export async function openWorld(
	connectionString: string,
	{
		resources,
		readableSubscriptions,
		env,
		hub,
		load,
		asAzure,
		webhook = true,
		proxied = false,
	}: WorldOptions,
): Promise<World> {
	const graph = await startResourceGraph({
		resources,
		quota: "off",
		...(readableSubscriptions && { readableSubscriptions }),
	});
	const channel = await startChannel();
	const clock = hastyClock();
	const proxy = proxied ? await startStorageProxy(connectionString) : null;
	const log: LogEntry[] = [];
	const settings = {
		AzureWebJobsStorage: "",
		AUDIT_STORAGE: proxy?.connectionString ?? connectionString,
		AUDIT_SUBSCRIPTIONS: "",
		AUDIT_MANAGEMENT_GROUPS: "",
		RESOURCE_MANAGER_ENDPOINT: graph.url,
		TEAMS_WEBHOOK_URL: webhook ? channel.webhook : "",
		ALERT_MIN_SEVERITY: "high",
		ALERT_ROUTES: "",
		// Tests run on any day.
		ALERT_WEEKLY_DAY: "never",
		// The host's own has its port in it, which differs from world to world.
		REPORT_URL: "https://auditor.example/api/report",
		...env,
	};
	const open = (options: Parameters<World["restart"]>[0] = {}) => {
		const { asAzure: azure = asAzure ?? null } = options;
		return startHost({
			port: 0,
			timers: false,
			clock,
			log: (entry) => log.push(entry),
			...(options.hub && { hub: options.hub }),
			...(load && { load }),
			...(azure && { asAzure: azure }),
			env: { ...settings, ...options.env },
		});
	};
	const headers: Record<string, string> = asAzure
		? { "x-functions-key": asAzure.key }
		: {};
	let host = await open(hub && { hub });
	let closed = false;
	const get = async <T>(path: string): Promise<T> => {
		const response = await fetch(host.url + path, { headers });
		if (!response.ok)
			throw new Error(`${path}: ${response.status} ${await response.text()}`);
		return (await response.json()) as T;
	};
	const world: World = {
		graph,
		channel,
		get proxy() {
			if (proxy === null) throw new Error("open the world with proxied: true");
			return proxy;
		},
		tables: await tablesOf(connectionString),
		log,
		clock,
		get host() {
			return host;
		},
		async restart(options) {
			await host.close();
			host = await open(options);
			return host;
		},
		async start(scope) {
			const response = await fetch(`${host.url}/api/audits`, {
				method: "POST",
				headers,
				...(scope && { body: JSON.stringify(scope) }),
			});
			const body = (await response.json()) as { auditId: string };
			if (response.status !== 202) throw new Error(JSON.stringify(body));
			return body.auditId;
		},
		async audit(scope) {
			return world.ended(await world.start(scope));
		},
		async ended(auditId) {
			const instance = auditInstance(host, auditId);
			if (instance) await host.hub.ended(instance);
			for (const delivery of deliveries(auditId))
				if (host.hub.status(delivery)) await host.hub.ended(delivery);
			return get<Audit>(`/api/audits/${auditId}`);
		},
		get,
		async health() {
			const response = await fetch(`${host.url}/api/health`);
			return (await response.json()) as Health;
		},
		later(minutes) {
			const now = Date.now() + minutes * 60_000;
			vi.useFakeTimers({ toFake: ["Date"], now });
		},
		async findings(state = "open") {
			const found: Finding[] = [];
			let continuation: string | null = null;
			do {
				const next: string =
					continuation === null
						? ""
						: `&continuation=${encodeURIComponent(continuation)}`;
				const page: { findings: Finding[]; continuation: string | null } =
					await get(`/api/findings?state=${state}${next}`);
				found.push(...page.findings);
				continuation = page.continuation;
			} while (continuation !== null);
			return found;
		},
		async close() {
			if (closed) return;
			closed = true;
			host.hub.kill();
			await host.settled();
			await host.close();
			await graph.close();
			await channel.close();
			await proxy?.close();
		},
	};
	return world;
}

/** `cluster rule severity scenario kind`, sorted: what a fleet's findings are, in lines that a person can compare. */
export function lines(findings: readonly Finding[]): string[] {
	return findings
		.map(({ clusterName, rule, severity, scenario, budget }) =>
			[clusterName, rule, severity, scenario ?? "-", budget?.kind ?? "-"].join(
				" ",
			),
		)
		.sort();
}
