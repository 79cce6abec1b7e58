import { app, type HttpHandler } from "@azure/functions";
import * as df from "durable-functions";

/** Runs one operation of the durable client and answers with what it resolved to, or with the message it threw. */
function operation(
	run: (
		client: df.DurableClient,
		id: string,
		body: unknown,
	) => Promise<unknown>,
): HttpHandler {
	return async (request, context) => {
		try {
			const text = await request.text();
			const result = await run(
				df.getClient(context),
				request.params.id ?? "",
				text === "" ? undefined : JSON.parse(text),
			);
			return { jsonBody: result ?? null };
		} catch (error) {
			return { status: 409, body: String(error) };
		}
	};
}

const client = df.input.durableClient();
const operations = {
	start: (durable, instanceId, body) => {
		const { name, input } = body as { name: string; input?: unknown };
		return durable.startNew(name, { instanceId, input });
	},
	status: (durable, id) => durable.getStatus(id),
	terminate: (durable, id) => durable.terminate(id, "enough"),
	purge: (durable, id) => durable.purgeInstanceHistory(id),
	purgeAll: (durable) =>
		durable.purgeInstanceHistoryBy({
			createdTimeFrom: new Date(0),
			createdTimeTo: new Date(Date.now() + 60_000),
			runtimeStatus: [df.OrchestrationRuntimeStatus.Completed],
		}),
	suspend: (durable, id) => durable.suspend(id, "later"),
} satisfies Record<
	string,
	(client: df.DurableClient, id: string, body: unknown) => Promise<unknown>
>;

for (const [name, run] of Object.entries(operations)) {
	app.http(name, {
		route: `${name}/{id}`,
		methods: ["POST"],
		extraInputs: [client],
		handler: operation(run),
	});
}

df.app.activity("shout", { handler: (input: string) => `${input}!` });

df.app.orchestration("hello", function* (context) {
	return yield context.df.callActivity("shout", context.df.getInput());
});

df.app.orchestration("waits", function* (context) {
	return yield context.df.waitForExternalEvent("go");
});

df.app.activity("startsHello", {
	extraInputs: [client],
	handler: (instanceId: string, context) =>
		df.getClient(context).startNew("hello", { instanceId, input: "from afar" }),
});

df.app.orchestration("startsAnother", function* (context) {
	return yield context.df.callActivity(
		"startsHello",
		`${context.df.instanceId}-other`,
	);
});
