import { app } from "@azure/functions";
import { keepEvent } from "../shared/azure/feedStore.ts";
import { forgetLostTables, openTables } from "../shared/azure/openTables.ts";
import { changeOfEvent } from "../shared/feed/changeEvent.ts";
import { tablesSetting } from "../shared/settings/audit.ts";

/**
 * Takes an event of Event Grid, where somebody subscribes this function to it. It only keeps the event: hearChanges
 * gathers it. What is no event of ours is answered as well, since Event Grid delays a receiver that refuses.
 */
app.eventGrid<unknown>("takeChangeEvent", {
	handler: async (event) => {
		const change = changeOfEvent(event);
		if (change === null) return;
		try {
			await keepEvent(await openTables(tablesSetting(process.env)), change);
		} catch (error) {
			forgetLostTables(error);
			throw error;
		}
	},
});
