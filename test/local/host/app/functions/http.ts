import { app, type HttpHandler } from "@azure/functions";

app.http("echo", {
	route: "echo/{id}",
	methods: ["GET", "POST"],
	authLevel: "function",
	handler: async (request) => ({
		status: 201,
		headers: { "x-answer": "yes" },
		jsonBody: {
			method: request.method,
			id: request.params.id,
			query: Object.fromEntries(request.query),
			header: request.headers.get("x-question"),
			body: await request.text(),
		},
	}),
});

app.http("latest", {
	route: "echo/latest",
	methods: ["GET"],
	handler: () => ({ body: "the latest" }),
});

app.http("unnamed", { handler: () => ({ body: "by its name" }) });

/** What a JavaScript function may do, whatever the types say. */
const forgetsToReturn = (() => undefined) as unknown as HttpHandler;
app.http("nothing", { route: "nothing", handler: forgetsToReturn });

app.http("broken", {
	route: "broken",
	handler: () => {
		throw new Error("broken on purpose");
	},
});
