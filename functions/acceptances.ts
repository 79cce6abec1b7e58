import { app, type HttpRequest, type HttpResponseInit } from "@azure/functions";
import {
	etagOf,
	putAcceptance,
	readAcceptances,
	withdrawAcceptance,
} from "../shared/azure/acceptanceStore.ts";
import { answer } from "../shared/azure/answer.ts";
import { findBudget, findFinding } from "../shared/azure/findingList.ts";
import type { Tables } from "../shared/azure/tables.ts";
import type { GivenAcceptance } from "../shared/contract.ts";
import { acceptanceOf, isInForce } from "../shared/findings/acceptance.ts";
import {
	acceptanceTerms,
	budgetId,
	knownParameters,
} from "../shared/http/parameters.ts";
import {
	preconditionFailed,
	preconditionOf,
} from "../shared/http/precondition.ts";
import { notFound } from "../shared/http/problem.ts";

app.http("acceptFinding", {
	methods: ["PUT"],
	route: "findings/{id}/acceptance",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		knownParameters(request.query, []);
		const id = idOf(request);
		const terms = await termsOf(request);
		const finding = await findFinding(tables, id);
		if (finding === null)
			throw notFound(`Finding ${JSON.stringify(id)} does not exist.`);
		const { rule, cluster, budget } = finding;
		return accept(request, tables, {
			...terms,
			by: "finding",
			covers: { finding: id, rule, cluster, budget: budget?.id ?? null },
		});
	}),
});

app.http("withdrawFindingAcceptance", {
	methods: ["DELETE"],
	route: "findings/{id}/acceptance",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		knownParameters(request.query, []);
		const id = idOf(request);
		return withdraw(request, tables, "finding", id);
	}),
});

app.http("acceptBudget", {
	methods: ["PUT"],
	route: "budgets/acceptance",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		const given = budgetId(request.query);
		const terms = await termsOf(request);
		const budget = await findBudget(tables, given);
		if (budget === null)
			throw notFound(`No finding is about budget ${JSON.stringify(given)}.`);
		return accept(request, tables, {
			...terms,
			by: "budget",
			covers: { finding: null, rule: null, cluster: null, budget },
		});
	}),
});

app.http("withdrawBudgetAcceptance", {
	methods: ["DELETE"],
	route: "budgets/acceptance",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		const budget = budgetId(request.query);
		return withdraw(request, tables, "budget", budget);
	}),
});

app.http("listAcceptances", {
	methods: ["GET"],
	route: "acceptances",
	authLevel: "function",
	handler: answer(async (request, tables) => {
		knownParameters(request.query, []);
		const now = new Date().toISOString();
		const acceptances = (await readAcceptances(tables))
			.filter((one) => isInForce(one, now))
			.sort((a, b) => Date.parse(a.expiry) - Date.parse(b.expiry))
			.map((one) => ({ ...one, etag: etagOf(one) }));
		return { jsonBody: { acceptances } };
	}),
});

function idOf({ params }: HttpRequest): string {
	return (params.id ?? "").toLowerCase();
}

async function termsOf(request: HttpRequest) {
	const contentType = request.headers.get("content-type");
	const now = new Date().toISOString();
	return acceptanceTerms(contentType, await request.text(), now);
}

async function accept(
	{ headers }: HttpRequest,
	tables: Tables,
	given: GivenAcceptance,
): Promise<HttpResponseInit> {
	const precondition = preconditionOf(headers);
	if (!(await putAcceptance(tables, given, precondition)))
		throw preconditionFailed();
	return {
		headers: { etag: etagOf(given) },
		jsonBody: acceptanceOf(given),
	};
}

async function withdraw(
	{ headers }: HttpRequest,
	tables: Tables,
	by: "finding" | "budget",
	id: string,
): Promise<HttpResponseInit> {
	const precondition = preconditionOf(headers);
	switch (await withdrawAcceptance(tables, by, id, precondition)) {
		case "withdrawn":
			return { status: 204 };
		case "not-there":
			throw notFound("There is no acceptance to withdraw.");
		case "precondition-failed":
			throw preconditionFailed();
	}
}
