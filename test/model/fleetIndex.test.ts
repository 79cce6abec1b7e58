import { expect, it } from "vitest";
import {
	fleetIndex,
	type Wanted,
	wantedIn,
} from "../../shared/model/fleetIndex.ts";
import { clusterId, known, networkId, subnetId } from "../feed/changesAt.ts";

const ours = "11111111-1111-1111-1111-111111111111";
const far = {
	...known("far", subnetId("s", "other")),
	id: clusterId("far").replace(ours, "22222222-2222-2222-2222-222222222222"),
};
const index = fleetIndex([
	known("a", subnetId("shared")),
	known("b", subnetId("shared"), subnetId("own")),
	known("alone"),
	far,
]);

it.each<{ name: string; wanted: Wanted; found: string[] }>([
	{ name: "nothing", wanted: {}, found: [] },
	{
		name: "clusters that are known",
		wanted: { clusters: [clusterId("alone"), clusterId("nobody")] },
		found: ["alone"],
	},
	{
		name: "all of a subscription",
		wanted: { subscriptions: [ours] },
		found: ["a", "alone", "b"],
	},
	{
		name: "who is in a network",
		wanted: { networks: [networkId("vnet"), networkId("none")] },
		found: ["a", "b"],
	},
	{
		name: "who uses a subnet or table",
		wanted: { routeTables: [subnetId("own")] },
		found: ["b"],
	},
	{
		name: "several at once",
		wanted: { clusters: [clusterId("a")], networks: [networkId("other")] },
		found: ["a", "far"],
	},
])("finds $name", ({ wanted, found }) => {
	const names = [...wantedIn(index, wanted)].map((id) => id.split("/").at(-1));
	expect(names.sort()).toEqual(found);
});
