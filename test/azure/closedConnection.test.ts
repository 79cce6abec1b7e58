import {
	createHttpHeaders,
	createPipelineRequest,
	type PipelineResponse,
	RestError,
} from "@azure/core-rest-pipeline";
import { expect, it } from "vitest";
import { sendAgainIfClosed } from "../../shared/azure/closedConnection.ts";

const request = createPipelineRequest({ url: "http://127.0.0.1/" });
const response: PipelineResponse = {
	request,
	status: 204,
	headers: createHttpHeaders(),
};

/** Fails with these codes one after the other, then answers. Returns how often it was sent, and the answer. */
async function sent(...codes: readonly string[]) {
	let times = 0;
	const answer = await sendAgainIfClosed
		.sendRequest(request, async () => {
			const code = codes[times++];
			if (code !== undefined) throw new RestError(`write ${code}`, { code });
			return response;
		})
		.catch((error: RestError) => error.code);
	return { times, answer };
}

it.each([
	{ codes: [], times: 1, answer: response },
	{ codes: ["EPIPE"], times: 2, answer: response },
	{ codes: ["EPIPE", "EPIPE"], times: 2, answer: "EPIPE" },
	// The SDK itself sends again after this one.
	{ codes: ["ECONNRESET"], times: 1, answer: "ECONNRESET" },
])("sends $times times after $codes", async ({ codes, times, answer }) => {
	expect(await sent(...codes)).toEqual({ times, answer });
});
