import { compilePredicate } from "./compilePredicate.ts";
import {
	argumentsOf,
	compileScalar,
	type Evaluate,
	functionName,
	nameOf,
} from "./compileScalar.ts";
import { unsupported } from "./invalidQuery.ts";
import type { SyntaxNode } from "./kustoParser.ts";
import { firstWord } from "./queryPipe.ts";
import { ascending, expanded, type Row } from "./values.ts";

/** One operator of the pipe: rows in, rows out. */
type Step = (rows: readonly Row[]) => readonly Row[];

/**
 * Most rows an `mv-expand` may ask for. Resource Graph cuts silently at 128 without a limit, which is why a limit is
 * demanded here. Its own maximum is documented differently from page to page.
 */
const maxExpandLimit = 1024;

export function compileOperator(node: SyntaxNode): Step {
	switch (node.kind) {
		case "FilterOperator":
			return compileWhere(node);
		case "ExtendOperator":
			return compileExtend(node);
		case "ProjectOperator":
			return compileProject(node);
		case "MvExpandOperator":
			return compileMvExpand(node);
		case "SummarizeOperator":
			return compileSummarize(node);
		case "SortOperator":
			return compileOrder(node);
		case "TakeOperator":
			return compileTake(node);
		default:
			throw unsupported(
				firstWord(node),
				"the operators are where, extend, project, mv-expand, summarize, order by and take",
			);
	}
}

function compileWhere(node: SyntaxNode): Step {
	refuseParameters(node);
	const holds = compilePredicate(node.part("Condition"));

	return (rows) => rows.filter((row) => holds(row) === true);
}

interface NamedValue {
	readonly name: string;
	readonly evaluate: Evaluate;
}

function compileExtend(node: SyntaxNode): Step {
	const added = node.list("Expressions").map((expression): NamedValue => {
		if (expression.kind === "SimpleNamedExpression")
			return compileNamed(expression);
		throw unsupported(expression.text, "'extend' takes name = expression");
	});

	return (rows) => rows.map((row) => ({ ...row, ...valuesOf(added, row) }));
}

/** Expressions without a name get the name that the analysis gave them, as in Kusto: `a.b` becomes `a_b`. */
function compileProject(node: SyntaxNode): Step {
	const projected = node.list("Expressions").map((expression, index) => ({
		...compileNamed(expression),
		name: node.columns[index]?.name ?? expression.text,
	}));

	return (rows) => rows.map((row) => valuesOf(projected, row));
}

function compileNamed(node: SyntaxNode): NamedValue {
	if (node.kind !== "SimpleNamedExpression") {
		return { name: node.text, evaluate: compileScalar(node).evaluate };
	}
	const name = nameOf(node.part("Name"));
	return { name, evaluate: compileScalar(node.part("Expression")).evaluate };
}

function valuesOf(named: readonly NamedValue[], row: Row): Row {
	const values: Record<string, unknown> = {};
	for (const { name, evaluate } of named) values[name] = evaluate(row);
	return values;
}

function compileMvExpand(node: SyntaxNode): Step {
	refuseParameters(node);
	const [expansion, ...more] = node.list("Expressions");
	if (!expansion || more.length > 0)
		throw unsupported("mv-expand", "it expands one column");
	if (expansion.optional("ToTypeOf"))
		throw unsupported("to typeof", "'mv-expand' keeps dynamic values");

	const { name, evaluate } = compileExpansion(
		node,
		expansion.part("Expression"),
	);
	const limit = expandLimit(node);

	return (rows) =>
		rows.flatMap((row) =>
			expanded(evaluate(row))
				.slice(0, limit)
				.map((element) => ({ ...row, [name]: element })),
		);
}

/** A bare column is replaced. A path without a name adds the last column, named by the analysis. */
function compileExpansion(
	operator: SyntaxNode,
	expression: SyntaxNode,
): NamedValue {
	const named = compileNamed(expression);
	const isNamed =
		expression.kind === "SimpleNamedExpression" ||
		expression.kind === "NameReference";

	return isNamed
		? named
		: { ...named, name: operator.columns.at(-1)?.name ?? named.name };
}

function expandLimit(node: SyntaxNode): number {
	const limit = node.optional("RowLimitClause")?.part("RowLimit").literal;
	if (limit === undefined) {
		throw unsupported(
			"mv-expand",
			"without a limit Resource Graph cuts each row silently at 128 elements",
		);
	}
	if (typeof limit === "number" && limit >= 1 && limit <= maxExpandLimit)
		return limit;
	throw unsupported(
		`limit ${limit}`,
		`the limit of 'mv-expand' is 1 to ${maxExpandLimit}`,
	);
}

/** `summarize [n =] count() by …`: the keys come first, in order of first appearance. */
function compileSummarize(node: SyntaxNode): Step {
	refuseParameters(node);
	refuseOtherThanCount(node);
	const keys = node.optional("ByClause")?.list("Expressions").map(compileNamed);
	if (!keys) throw unsupported("summarize", "it needs 'by'");

	const names = node.columns.map((column) => column.name);
	const named = keys.map((key, index) => ({
		...key,
		name: names[index] ?? key.name,
	}));
	const countName = names[keys.length] ?? "count_";

	return (rows) => countByKeys(rows, named, countName);
}

function refuseOtherThanCount(node: SyntaxNode): void {
	const [aggregate, ...more] = node.list("Aggregates");
	if (!aggregate || more.length > 0)
		throw unsupported("summarize", "it takes count() alone");

	const call =
		aggregate.kind === "SimpleNamedExpression"
			? aggregate.part("Expression")
			: aggregate;
	const isCount =
		call.kind === "FunctionCallExpression" &&
		functionName(call) === "count" &&
		argumentsOf(call).length === 0;
	if (!isCount) throw unsupported(call.text, "'summarize' takes count() alone");
}

function countByKeys(
	rows: readonly Row[],
	keys: readonly NamedValue[],
	countName: string,
): Row[] {
	const groups = new Map<string, { readonly key: Row; count: number }>();
	for (const row of rows) {
		const key = valuesOf(keys, row);
		const id = JSON.stringify(key);
		const group = groups.get(id);
		if (group) group.count++;
		else groups.set(id, { key, count: 1 });
	}
	return [...groups.values()].map(({ key, count }) => ({
		...key,
		[countName]: count,
	}));
}

function compileOrder(node: SyntaxNode): Step {
	refuseParameters(node);
	const keys = node.list("Expressions").map(compileOrderKey);

	return (rows) => rows.toSorted((left, right) => compareBy(keys, left, right));
}

interface OrderKey {
	readonly column: string;
	readonly sign: 1 | -1;
}

/** Descending unless `asc` is said. Nulls then come last, and first with `asc`. */
function compileOrderKey(node: SyntaxNode): OrderKey {
	const ordering =
		node.kind === "OrderedExpression" ? node.part("Ordering") : undefined;
	const column = ordering ? node.part("Expression") : node;
	if (column.kind !== "NameReference")
		throw unsupported(column.text, "'order by' takes columns");

	const nulls = ordering?.optional("NullsClause");
	if (nulls) throw unsupported(nulls.text, "'order by' takes asc and desc");
	return {
		column: nameOf(column),
		sign: ordering?.text.startsWith("asc") ? 1 : -1,
	};
}

function compareBy(keys: readonly OrderKey[], left: Row, right: Row): number {
	for (const { column, sign } of keys) {
		const order = ascending(left[column], right[column]);
		if (order !== 0) return sign * order;
	}
	return 0;
}

function compileTake(node: SyntaxNode): Step {
	const count = node.part("Expression").literal;
	if (typeof count !== "number")
		throw unsupported(node.text, "'take' takes a number");

	return (rows) => rows.slice(0, count);
}

function refuseParameters(node: SyntaxNode): void {
	const [parameter] = node.list("Parameters");
	if (parameter)
		throw unsupported(
			parameter.text,
			`'${firstWord(node)}' takes no parameters here`,
		);
}
