import { generateFleet } from "../fleet/generate.ts";
import { startResourceGraph } from "./server.ts";

/*
 * A Resource Graph of a generated fleet in a process of its own, which ends with the one that started it however that
 * ends: their channel breaks.
 */
process.on("disconnect", () => process.exit(0));
const [clusters] = process.argv.slice(2);
const { url } = await startResourceGraph({
	resources: generateFleet({ clusters: Number(clusters) }),
	quota: "off",
});
process.send?.(url);
