import { app } from "@azure/functions";
import { ticks } from "../ticks.ts";

app.timer("tick", {
	schedule: "%TEST_SCHEDULE%",
	handler: (timer) => {
		ticks.push(timer);
	},
});
