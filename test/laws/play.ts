import {
	type ResourceGraphServer,
	startResourceGraph,
} from "../../local/resourceGraph/server.ts";
import type {
	Range,
	ScenarioName,
	Severity,
	Verdict,
} from "../../shared/contract.ts";
import {
	type Finding,
	scenarioNames,
	severities,
} from "../../shared/contract.ts";
import { type Morning, openTenant, type Tenant } from "../cases/nights.ts";
import { startStorage } from "../workflow/storage.ts";
import { type BuiltCluster, lawSettings } from "./world.ts";

/** Tenants with tables of their own. Storage is made again before its accounts run out. */
export interface Estate {
	/** Tenants that are opened within are gone afterwards. */
	use<T>(play: (open: () => Promise<Tenant>) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

const tenantsOfStorage = 120;

interface Generation {
	readonly storage: ReturnType<typeof startStorage>;
	given: number;
	users: number;
}

export function openEstate(): Estate {
	const started = (): Generation => ({
		storage: startStorage(),
		given: 0,
		users: 0,
	});
	let current = started();
	const leave = async (generation: Generation) => {
		generation.users -= 1;
		if (generation !== current && generation.users === 0)
			await (await generation.storage).close();
	};
	return {
		async use(play) {
			if (current.given >= tenantsOfStorage) {
				const old = current;
				current = started();
				old.users += 1;
				await leave(old);
			}
			const generation = current;
			generation.users += 1;
			const graphs: ResourceGraphServer[] = [];
			try {
				const storage = await generation.storage;
				return await play(async () => {
					generation.given += 1;
					const graph = await startResourceGraph({ quota: "off" });
					graphs.push(graph);
					return openTenant(storage.next(), graph, lawSettings);
				});
			} finally {
				for (const graph of graphs) await graph.close();
				await leave(generation);
			}
		},
		async close() {
			await (await current.storage).close();
		},
	};
}

/** One budget as one of its clusters sees it. */
interface Judged {
	readonly budget: string;
	readonly kind: string;
	readonly scenarios: Readonly<
		Record<ScenarioName, { readonly verdict: Verdict; readonly demand: Range }>
	>;
}

/** All that was judged, by `cluster kind budget`. */
export interface JudgedBy extends Judged {
	readonly cluster: string;
}

export type Verdicts = ReadonlyMap<string, JudgedBy>;

export async function verdictsOf(
	morning: Morning,
	clusters: readonly BuiltCluster[],
): Promise<Verdicts> {
	const all = new Map<string, JudgedBy>();
	for (const { id: clusterId, name } of clusters) {
		const capacity = await morning.capacityById(clusterId);
		for (const { id, kind, scenarios } of capacity?.budgets ?? [])
			all.set(`${name} ${kind} ${id.split("/").slice(-3).join("/")}`, {
				cluster: name,
				budget: id,
				kind,
				scenarios,
			});
	}
	return all;
}

/** Never better with less knowledge: what was short stays short or unknown, and so on. */
const noBetter: Readonly<Record<Verdict, readonly Verdict[]>> = {
	short: ["short", "unknown"],
	unknown: ["unknown", "short"],
	tight: ["tight", "unknown", "short"],
	fits: ["fits", "tight", "unknown", "short"],
};

/** What came out better than before, in words. A budget that is not judged any more is unknown. */
export function betterThan(
	before: Verdicts,
	after: Verdicts,
	of: (judged: JudgedBy) => boolean = () => true,
): string[] {
	return [...before]
		.filter(([, judged]) => of(judged))
		.flatMap(([key, { scenarios }]) =>
			scenarioNames.flatMap((name) => {
				const was = scenarios[name].verdict;
				const is = after.get(key)?.scenarios[name].verdict ?? "unknown";
				return noBetter[was].includes(is)
					? []
					: [`${key}: ${name} was ${was}, is ${is}`];
			}),
		);
}

/** Where two nights differ on the budgets that are meant. */
export function differences(
	expected: Verdicts,
	actual: Verdicts,
	of: (judged: JudgedBy) => boolean,
	amounts = true,
): string[] {
	const said = (judged: Judged | undefined) =>
		judged === undefined
			? "not judged"
			: scenarioNames
					.map((name) => {
						const { verdict, demand } = judged.scenarios[name];
						return amounts
							? `${name} ${demand.low}..${demand.high} ${verdict}`
							: `${name} ${verdict}`;
					})
					.join(", ");
	const keys = new Set([...expected.keys(), ...actual.keys()]);
	return [...keys].sort().flatMap((key) => {
		const judged = expected.get(key) ?? actual.get(key);
		if (judged === undefined || !of(judged)) return [];
		const [should, is] = [said(expected.get(key)), said(actual.get(key))];
		return should === is ? [] : [`${key}: is ${is}; should be ${should}`];
	});
}

/** Findings of night 1 that are gone, or less severe, in words. */
export function lostFindings(before: Morning, after: Morning): string[] {
	const now = new Map(after.open.map((one) => [one.id, one]));
	return before.open.flatMap((was) => {
		const is = now.get(was.id);
		if (is === undefined) return [`${titleOf(was)} is gone`];
		return rank(is.severity) > rank(was.severity)
			? [`${titleOf(was)} is ${is.severity}`]
			: [];
	});
}

/** Each finding as a line, sorted: what it says, and since when. */
export function findingLines(
	findings: readonly Finding[],
	amounts = true,
): string[] {
	return findings
		.map((one) =>
			[
				titleOf(one),
				one.scenario,
				one.verdict,
				...(amounts
					? [
							JSON.stringify(one.demand),
							one.alsoIn.join("+"),
							`since ${one.firstSeen}, changed ${one.changedAt}`,
						]
					: []),
			].join(" "),
		)
		.sort();
}

function titleOf({ clusterName, rule, severity, budget }: Finding): string {
	return `${clusterName} ${rule} ${severity} ${budget ? `${budget.kind} ${budget.id.split("/").slice(-3).join("/")}` : "-"}`;
}

function rank(severity: Severity): number {
	return severities.indexOf(severity);
}
