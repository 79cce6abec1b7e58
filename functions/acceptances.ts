import type { HttpRequest } from "@azure/functions";
import {
	etagOf,
	putAcceptance,
	readAcceptances,
	readWithdrawn,
	withdrawAcceptance,
} from "../shared/azure/acceptanceStore.ts";
import type { HttpAnswer } from "../shared/azure/answer.ts";
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
import { serve } from "./serve.ts";

serve("acceptFinding", async (request, tables, _, caller) => {
	knownParameters(request.query, []);
	const id = idOf(request);
	const terms = await termsOf(request);
	const finding = await findFinding(tables, id);
	if (finding === null)
		throw notFound(`Finding ${JSON.stringify(id)} does not exist.`);
	const { rule, cluster, budget } = finding;
	return accept(request, tables, {
		...terms,
		...doneBy(caller),
		by: "finding",
		covers: { finding: id, rule, cluster, budget: budget?.id ?? null },
	});
});

serve("withdrawFindingAcceptance", async (request, tables, _, caller) => {
	knownParameters(request.query, []);
	const id = idOf(request);
	return withdraw(request, tables, "finding", id, caller);
});

serve("acceptBudget", async (request, tables, _, caller) => {
	const given = budgetId(request.query);
	const terms = await termsOf(request);
	const budget = await findBudget(tables, given);
	if (budget === null)
		throw notFound(`No finding is about budget ${JSON.stringify(given)}.`);
	return accept(request, tables, {
		...terms,
		...doneBy(caller),
		by: "budget",
		covers: { finding: null, rule: null, cluster: null, budget },
	});
});

serve("withdrawBudgetAcceptance", async (request, tables, _, caller) => {
	const budget = budgetId(request.query);
	return withdraw(request, tables, "budget", budget, caller);
});

serve("listAcceptances", async (request, tables) => {
	knownParameters(request.query, []);
	const now = new Date().toISOString();
	const current = <T extends GivenAcceptance>(all: readonly T[]) =>
		all
			.filter((one) => isInForce(one, now))
			.sort((a, b) => Date.parse(a.expiry) - Date.parse(b.expiry));
	const [given, withdrawn] = await Promise.all([
		readAcceptances(tables),
		readWithdrawn(tables),
	]);
	const acceptances = current(given).map((one) => ({
		...one,
		etag: etagOf(one),
	}));
	return { jsonBody: { acceptances, withdrawn: current(withdrawn) } };
});

function idOf({ params }: HttpRequest): string {
	return (params.id ?? "").toLowerCase();
}

function doneBy(caller: string) {
	return { acceptedBy: caller, acceptedAt: new Date().toISOString() };
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
): Promise<HttpAnswer> {
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
	caller: string,
): Promise<HttpAnswer> {
	const precondition = preconditionOf(headers);
	const done = { withdrawnBy: caller, withdrawnAt: new Date().toISOString() };
	switch (await withdrawAcceptance(tables, by, id, precondition, done)) {
		case "withdrawn":
			return { status: 204 };
		case "not-there":
			throw notFound("There is no acceptance to withdraw.");
		case "precondition-failed":
			throw preconditionFailed();
	}
}
