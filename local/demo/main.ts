import { parseArgs } from "node:util";
import { rules } from "../../shared/rules/registry.ts";
import { clusterId } from "../fleet/ids.ts";
import { sampleClusters, sampleFleet } from "../fleet/sample.ts";
import { virtualClock } from "../host/clock.ts";
import {
	type AuditProgram,
	type Closers,
	fail,
	runAuditProgram,
} from "../program/auditProgram.ts";
import { moveDate } from "../program/movedDate.ts";
import { startGenerated } from "../resourceGraph/generated.ts";
import {
	type ResourceGraphServer,
	startResourceGraph,
} from "../resourceGraph/server.ts";
import { firstNight, playNights } from "./playNights.ts";

const help = `Audits a sample fleet with the same functions that run on Azure, and shows what it finds.

Options:
  --once            end after the audit; without it the report stays up
  --clusters N      audit a generated fleet of N clusters instead of the sample fleet
  --nights N        simulate N nights in a row of the sample fleet, which grows and changes
  --report FILE     write the report to one HTML file, which opens offline
  --broken-rule ID  make this rule throw for every cluster, to see what an error in a rule does
  --help            show this text`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			once: { type: "boolean", default: false },
			report: { type: "string" },
			clusters: { type: "string" },
			nights: { type: "string" },
			"broken-rule": { type: "string" },
			help: { type: "boolean", default: false },
		},
	});
	if (values.help) {
		console.log(help);
		return;
	}
	const { clusters, nights, once, report } = values;
	if (values["broken-rule"] !== undefined) breakRule(values["broken-rule"]);
	if (nights !== undefined) {
		if (clusters !== undefined)
			throw new Error(
				"--nights works only with the sample fleet; leave out --clusters",
			);
		await runNights(wholeNumber("--nights", nights), { once, report });
		return;
	}
	if (clusters !== undefined) {
		const count = wholeNumber("--clusters", clusters);
		await runAuditProgram({
			name: "demo",
			once,
			report,
			start: async (closers) => {
				const graph = await startGenerated(count);
				closers.push(graph.close);
				return settingsOf(graph);
			},
		});
		return;
	}
	let graph: ResourceGraphServer;
	await runAuditProgram({
		name: "demo",
		once,
		report,
		start: async (closers) => {
			graph = await serve(sampleFleet(), closers);
			return settingsOf(graph);
		},
		hints: () => changeHint(graph),
	});
}

/**
 * How to change the world, with an example: (3 + 16 nodes) x 29 + 10 others = 561 of 507 IPs at autoscaler max, instead of
 * 329. Nothing else is open in that cluster.
 */
function changeHint({ url }: ResourceGraphServer): string[] {
	const cluster = sampleClusters.find(
		({ name }) => name === "aks-intranet-prod-weu",
	);
	if (cluster === undefined) throw new Error("aks-intranet-prod-weu is gone");
	const pool = `${clusterId(cluster, cluster.name)}/agentPools/apps`;
	return [
		"",
		"Change something, and its card comes within a minute:",
		`  curl -X PATCH "${url}${pool}?api-version=2025-05-01" -d '{"properties":{"maxCount":16}}'`,
		'Undo it with "maxCount":8, and the report shows it as resolved.',
	];
}

async function runNights(
	nights: number,
	ending: Pick<AuditProgram, "once" | "report">,
): Promise<void> {
	const clock = virtualClock({ start: firstNight, whenIdle: "jump" });
	moveDate(clock.now);
	let graph: ResourceGraphServer;
	await runAuditProgram({
		name: "nights",
		...ending,
		clock,
		start: async (closers) => {
			graph = await serve({}, closers);
			return settingsOf(graph);
		},
		play: (stage) => playNights(stage, graph, clock, nights),
	});
}

/** The functions run in this process and share its registry. */
function breakRule(id: string): void {
	const rule = rules.find((one) => one.id === id);
	if (rule === undefined)
		throw new Error(
			`--broken-rule is ${JSON.stringify(id)}; use one of ${rules.map((one) => one.id).join(", ")}`,
		);
	const check = () => {
		throw new Error("broken on purpose");
	};
	Object.assign(rule, { check });
}

function wholeNumber(option: string, given: string): number {
	if (!/^[1-9]\d{0,5}$/.test(given))
		throw new Error(
			`${option} is ${JSON.stringify(given)}; use a whole number from 1 to 999999`,
		);
	return Number(given);
}

async function serve(
	{
		resources = [],
		readableSubscriptions,
	}: Partial<ReturnType<typeof sampleFleet>>,
	closers: Closers,
): Promise<ResourceGraphServer> {
	const graph = await startResourceGraph({
		resources,
		...(readableSubscriptions && { readableSubscriptions }),
		quota: "off",
	});
	closers.push(graph.close);
	return graph;
}

/**
 * The demo checks its whole fleet, whatever the environment sets for a real tenant. It hears changes every 15 seconds, and
 * waits as long for the next one.
 */
function settingsOf(graph: { readonly url: string }): Record<string, string> {
	return {
		RESOURCE_MANAGER_ENDPOINT: graph.url,
		AUDIT_SUBSCRIPTIONS: "",
		AUDIT_MANAGEMENT_GROUPS: "",
		ALERT_MIN_SEVERITY: "",
		CHANGE_FEED_MINUTES: "0.25",
		CHANGE_QUIET_MINUTES: "0.25",
		CHANGE_LONGEST_MINUTES: "1",
		CHANGE_MIN_SEVERITY: "",
		CHANGE_SHOW_NAMES: "",
	};
}

main().catch(fail);
