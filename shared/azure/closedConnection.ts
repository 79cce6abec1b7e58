import { isRestError, type PipelinePolicy } from "@azure/core-rest-pipeline";

/**
 * The server closes a connection that is idle, and a busy process notices it only when it writes. The SDK sends again
 * after ECONNRESET. EPIPE means the same: nobody has read the request to its end.
 */
export const sendAgainIfClosed: PipelinePolicy = {
	name: "sendAgainIfClosed",
	sendRequest: async (request, next) => {
		try {
			return await next(request);
		} catch (error) {
			if (!isRestError(error) || error.code !== "EPIPE") throw error;
			return next(request);
		}
	},
};
