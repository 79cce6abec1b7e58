import { mostExpansions } from "../../../local/resourceGraph/compileQuery.ts";
import { nameOf } from "../../../local/resourceGraph/compileScalar.ts";
import { InvalidQuery } from "../../../local/resourceGraph/invalidQuery.ts";
import {
	parseQuery,
	type SyntaxNode,
} from "../../../local/resourceGraph/kustoParser.ts";
import {
	firstWord,
	type QueryPipe,
	queryPipe,
} from "../../../local/resourceGraph/queryPipe.ts";
import {
	argSchema,
	type Column,
	type TableSchemas,
} from "../../../local/resourceGraph/schema.ts";

interface QueryLint {
	/** Columns of the result, in order. */
	readonly columns: readonly Column[];
	/** One sentence for each thing wrong. None for a query that can be paged through safely. */
	readonly problems: readonly string[];
}

/** Checks a query against the schema and against what paging through Resource Graph asks for. */
export function lintQuery(
	kql: string,
	schema: TableSchemas = argSchema,
): QueryLint {
	const { root, syntaxErrors, semanticErrors } = parseQuery(kql, schema);
	const errors = [...syntaxErrors, ...semanticErrors].map(
		({ message }) => message,
	);
	const pipe = pipeOrProblem(root);
	if (typeof pipe === "string")
		return { columns: [], problems: [...errors, pipe] };

	return {
		columns: pipe.result.columns,
		problems: [
			...errors,
			...checkId(pipe),
			...checkOperators(pipe),
			...checkExpansions(pipe),
			...checkOrder(pipe),
		],
	};
}

function pipeOrProblem(root: SyntaxNode): QueryPipe | string {
	try {
		return queryPipe(root);
	} catch (error) {
		if (error instanceof InvalidQuery) return error.message;
		throw error;
	}
}

function checkId({ result }: QueryPipe): string[] {
	const id = result.columns.find(({ name }) => name === "id");
	if (id?.type === "string") return [];
	return [
		`The result has no string column 'id': without one there is no $skipToken.`,
	];
}

const refusedOperators: ReadonlyMap<string, string> = new Map([
	["TakeOperator", "switches paging off"],
	["TopOperator", "switches paging off"],
	["SampleOperator", "switches paging off"],
	["SampleDistinctOperator", "switches paging off"],
	["JoinOperator", "reads a second table"],
	["LookupOperator", "reads a second table"],
	["UnionOperator", "reads a second table"],
]);

function checkOperators({ operators }: QueryPipe): string[] {
	return operators.flatMap((operator) => {
		const reason = refusedOperators.get(operator.kind);
		return reason ? [`The operator '${firstWord(operator)}' ${reason}.`] : [];
	});
}

function checkExpansions({ operators }: QueryPipe): string[] {
	const expansions = operators.filter(isExpansion);
	const unlimited = expansions.filter(
		(expansion) => !expansion.optional("RowLimitClause"),
	);

	return [
		...unlimited.map(
			({ text }) =>
				`'${text}' has no limit: Resource Graph cuts each row silently at 128 elements.`,
		),
		...(expansions.length > mostExpansions
			? [
					`${expansions.length} mv-expand: Resource Graph takes ${mostExpansions}.`,
				]
			: []),
	];
}

/** Sorting by anything but a unique key makes pages repeat and miss rows, even in a tenant that does not change. */
function checkOrder({ operators }: QueryPipe): string[] {
	const last = operators.at(-1);
	if (last?.kind !== "SortOperator")
		return [`The query does not end with 'order by'.`];

	const keys = last.list("Expressions").map(orderKey);
	const missing = uniqueKey(operators).filter(
		(names) => !names.some((name) => keys.includes(name)),
	);
	const problems = missing.map(
		([name]) => `'order by' lacks '${name}', so its keys are not unique.`,
	);
	const counted = operators.findLastIndex(isSummary);
	const expansions = operators.slice(counted + 1).filter(isExpansion).length;
	if (keys.length < 1 + expansions) {
		problems.push(
			`'order by id' is not unique after mv-expand: a key of the element is needed as well.`,
		);
	}
	return problems;
}

/**
 * The columns that name a row, each with the names it goes by: `id`, or after summarize all that was summarized by.
 */
function uniqueKey(operators: readonly SyntaxNode[]): readonly string[][] {
	const at = operators.findLastIndex(isSummary);
	const summarize = operators[at];
	if (!summarize) return [["id"]];

	const keys = summarize.optional("ByClause")?.list("Expressions").length ?? 0;
	const later = operators.slice(at + 1).flatMap(renamings);
	return summarize.columns.slice(0, keys).map(({ name }) => {
		const names = [name];
		for (const [from, to] of later) if (names.includes(from)) names.push(to);
		return names;
	});
}

/** `to = from` of project and extend. */
function renamings(operator: SyntaxNode): [from: string, to: string][] {
	if (!["ProjectOperator", "ExtendOperator"].includes(operator.kind)) return [];

	return operator.list("Expressions").flatMap((expression) => {
		if (expression.kind !== "SimpleNamedExpression") return [];
		const source = expression.part("Expression");
		return source.kind === "NameReference"
			? [[nameOf(source), nameOf(expression.part("Name"))]]
			: [];
	});
}

function isExpansion({ kind }: SyntaxNode): boolean {
	return kind === "MvExpandOperator";
}

function isSummary({ kind }: SyntaxNode): boolean {
	return kind === "SummarizeOperator";
}

function orderKey(node: SyntaxNode): string {
	const column =
		node.kind === "OrderedExpression" ? node.part("Expression") : node;
	return column.kind === "NameReference" ? nameOf(column) : column.text;
}
