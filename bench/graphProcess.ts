import { generateFleet } from "../local/fleet/generate.ts";
import { documentedQuota } from "../local/resourceGraph/quota.ts";
import {
	type ResourceGraphServer,
	startResourceGraph,
} from "../local/resourceGraph/server.ts";
import { withMovedNodes } from "./movedNodes.ts";
import { answerCalls } from "./remote.ts";
import { fleetOfYear } from "./yearFleet.ts";

/* The Resource Graph emulator in a process of its own, over a generated fleet that is the same in every run. */

let resources: ReturnType<typeof generateFleet> = [];
let server: ResourceGraphServer | null = null;

const calls = {
	generate: (clusters: number): void => {
		resources = generateFleet({ clusters, seed: 1 });
	},
	/** Opens anew, with the quota of the service or without; returns the endpoint. */
	serve: async (quota: "documented" | "off"): Promise<string> => {
		await server?.close();
		server = await startResourceGraph({
			resources,
			quota: quota === "off" ? "off" : documentedQuota,
		});
		return server.url;
	},
	/** The fleet as it is in that night of a year. */
	night: (night: number): void => {
		server?.setResources(fleetOfYear(resources, night));
	},
	/** The fleet with nodes moved in these percent of its clusters; 0 is the fleet as it was. */
	moveNodes: (percent: number): void => {
		server?.setResources(withMovedNodes(resources, percent));
	},
	/** Ids of so many clusters, spread over the fleet. */
	clusterIds: (count: number): string[] => {
		const ids = resources
			.filter(({ type }) => type.toLowerCase().endsWith("/managedclusters"))
			.map(({ id }) => id);
		const step = Math.max(1, Math.floor(ids.length / count));
		return ids.filter((_, index) => index % step === 0).slice(0, count);
	},
	/** Requests since the emulator opened. */
	requests: (): number => server?.requests.length ?? 0,
};

export type GraphCalls = typeof calls;

answerCalls(calls);
