import { lostOf, type QueryScope, type ReadFrom } from "../inventory/reader.ts";
import type { Query } from "../inventory/rows.ts";
import { createPacer } from "./pacer.ts";
import { answerOf, type PartAnswer, rowsGap } from "./queryAnswer.ts";
import { readProven } from "./queryPages.ts";
import { type RequestContext, TooLarge } from "./queryRequest.ts";

const mostRows = 1000;
/** Smaller pages than this cost more requests than a narrower scope. */
const leastRows = 25;
/** Subscriptions that one request may name. */
const mostSubscriptions = 1000;

type ReadOptions = Pick<RequestContext, "client"> & Partial<RequestContext>;

/**
 * Reads queries whole, or as much as possible. A difference from `totalRecords` after a second reading is a gap. A page
 * that fails to the last try keeps the rows before it. Only a required query without any answer throws.
 */
export function createRead(options: ReadOptions): ReadFrom {
	const { client, pacer = createPacer(), log = () => undefined } = options;
	return (subscriptions) => async (query, scope) => {
		const { failure, ...answer } = await readScope(
			{ client, pacer, log, subscriptions },
			query,
			scope,
			mostRows,
		);
		if (query.required && failure !== null) throw failure;
		return answer;
	};
}

interface Context extends RequestContext {
	/** What a scope of the whole tenant is narrowed to, where an answer is too large or cut. */
	readonly subscriptions: readonly string[];
}

async function readScope<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<PartAnswer<T>> {
	try {
		const whole = await readProven(context, query, scope, top);
		if (!whole.cut || scope.subscriptions) return answerOf(query, whole);
		const known = !scope.managementGroups && context.subscriptions.length > 0;
		return known
			? await readInParts(context, query, scope, top)
			: cutShort(answerOf(query, whole));
	} catch (error) {
		if (!(error instanceof TooLarge)) throw error;
		return readSmaller(context, query, scope, top);
	}
}

/** Without a list of subscriptions to ask by, what arrived is all there is. */
function cutShort<T>(answer: PartAnswer<T>): PartAnswer<T> {
	const reason =
		"more subscriptions are visible than Resource Graph answers at once: only the first were";
	return {
		...answer,
		gaps: [...answer.gaps, rowsGap({}, reason)],
		lost: null,
	};
}

/** Smaller pages first, then fewer subscriptions at a time. */
function readSmaller<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<PartAnswer<T>> {
	const least = scope.subscriptions?.length === 1 ? 1 : leastRows;
	if (top > least)
		return readScope(
			context,
			query,
			scope,
			Math.max(least, Math.floor(top / 2)),
		);
	return readInParts(context, query, scope, top);
}

/** By halves of the subscriptions. One subscription alone that is still too much is a gap with its name. */
async function readInParts<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<PartAnswer<T>> {
	const all = scope.subscriptions ?? context.subscriptions;
	if (all.length <= 1 && scope.subscriptions) return tooLarge(query, scope);
	if (all.length === 0 || scope.managementGroups) return tooLarge(query, {});
	const size = Math.min(
		mostSubscriptions,
		scope.subscriptions ? Math.ceil(all.length / 2) : all.length,
	);
	const answers: PartAnswer<T>[] = [];
	for (let from = 0; from < all.length; from += size) {
		const subscriptions = all.slice(from, from + size);
		answers.push(await readScope(context, query, { subscriptions }, top));
	}
	const failures = answers.flatMap(({ failure }) => failure ?? []);
	return {
		rows: answers.flatMap(({ rows }) => rows),
		unreadable: answers.flatMap(({ unreadable }) => unreadable),
		gaps: answers.flatMap(({ gaps }) => gaps),
		lost: lostOf(answers),
		failure: failures.length === answers.length ? (failures[0] ?? null) : null,
	};
}

function tooLarge<T>(query: Query<T>, scope: QueryScope): PartAnswer<T> {
	const reason = `the answer with its ${query.of} is too large even in the smallest part`;
	return {
		rows: [],
		unreadable: [],
		gaps: [rowsGap(scope, reason)],
		lost: null,
		failure: new Error(reason),
	};
}
