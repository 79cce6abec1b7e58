import { compileOperator } from "./compileOperator.ts";
import { InvalidQuery, unsupported } from "./invalidQuery.ts";
import { type Diagnostic, parseQuery } from "./kustoParser.ts";
import { type QueryPipe, queryPipe } from "./queryPipe.ts";
import { argSchema, type Column, type TableName } from "./schema.ts";
import type { Row } from "./values.ts";

export interface CompiledQuery {
	readonly table: TableName;
	readonly columns: readonly Column[];
	/** The query has `take`: Resource Graph returns no token for it. */
	readonly limited: boolean;
	run(rows: readonly Row[]): readonly Row[];
}

const compiledQueries = new Map<string, CompiledQuery>();
const maxCompiledQueries = 200;

/**
 * Compiles a query of the supported subset, once per text.
 * @throws InvalidQuery naming what does not parse, does not fit the schema or is not supported.
 */
export function compileQuery(kql: string): CompiledQuery {
	const known = compiledQueries.get(kql);
	if (known) return known;

	const compiled = compile(kql);
	if (compiledQueries.size >= maxCompiledQueries) compiledQueries.clear();
	compiledQueries.set(kql, compiled);
	return compiled;
}

function compile(kql: string): CompiledQuery {
	const parsed = parseQuery(kql, argSchema);
	refuse(parsed.syntaxErrors);
	const pipe = queryPipe(parsed.root);
	// Before the schema is compared with it: 'join is not supported' says more than 'column x of the join is unknown'.
	const steps = pipe.operators.map(compileOperator);
	refuse(parsed.semanticErrors);
	refuseManyExpansions(pipe);

	return {
		table: tableName(pipe),
		columns: pipe.result.columns,
		limited: pipe.operators.some(({ kind }) => kind === "TakeOperator"),
		run: (rows) => steps.reduce((current, step) => step(current), rows),
	};
}

function isTable(name: string): name is TableName {
	return Object.hasOwn(argSchema, name);
}

function refuse(errors: readonly Diagnostic[]): void {
	if (errors.length === 0) return;
	throw new InvalidQuery(
		errors.map((error) => ({ code: "ParserFailure", ...error })),
	);
}

/** Documented for Resource Graph, with 2 in one place and 3 in another (learn.microsoft.com, query-language). */
export const mostExpansions = 3;

function refuseManyExpansions({ operators }: QueryPipe): void {
	const expansions = operators.filter(
		({ kind }) => kind === "MvExpandOperator",
	);
	if (expansions.length > mostExpansions)
		throw unsupported(
			"mv-expand",
			`a query can have at most ${mostExpansions} of them`,
		);
}

function tableName({ table }: QueryPipe): TableName {
	const name = table.text.toLowerCase();
	if (isTable(name)) return name;
	throw unsupported(
		table.text,
		"use the table resources, resourcecontainers or resourcechanges",
	);
}
