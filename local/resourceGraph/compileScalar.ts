import { unsupported } from "./invalidQuery.ts";
import type { SyntaxNode } from "./kustoParser.ts";
import {
	arrayLength,
	elementOf,
	propertyOf,
	type Row,
	toInteger,
	toText,
	toTime,
} from "./values.ts";

export type Evaluate<T = unknown> = (row: Row) => T;

/** A compiled expression with its static Kusto type, which decides how it compares. */
export interface Scalar {
	readonly type: string;
	/** The source, for error messages. */
	readonly text: string;
	readonly evaluate: Evaluate;
}

/** Compiles a property path, a literal or one of the supported functions. */
export function compileScalar(node: SyntaxNode): Scalar {
	return { type: node.type, text: node.text, evaluate: compileValue(node) };
}

function compileValue(node: SyntaxNode): Evaluate {
	switch (node.kind) {
		case "ParenthesizedExpression":
			return compileValue(node.part("Expression"));
		case "StringLiteralExpression":
		case "LongLiteralExpression":
		case "RealLiteralExpression":
		case "BooleanLiteralExpression":
		case "DateTimeLiteralExpression": {
			const value = node.literal;
			return () => value;
		}
		case "NameReference":
		case "PathExpression":
		case "ElementExpression":
			return compilePath(node);
		case "FunctionCallExpression":
			return compileCall(node);
		default:
			throw unsupported(
				node.text,
				`use a property path, a literal or a function here, not ${readable(node.kind)}`,
			);
	}
}

/** The text of a string operand. A dynamic one is converted as by tostring. */
export function textOf(scalar: Scalar): Evaluate<string> {
	const { evaluate } = scalar;
	return (row) => toText(evaluate(row));
}

/** Name of a column, a declared name or a property: `a` or `['a']`. */
export function nameOf(node: SyntaxNode): string {
	const name = node.part("Name");
	return name.kind === "BracketedName"
		? String(name.part("Name").literal)
		: name.text;
}

export function functionName(call: SyntaxNode): string {
	return nameOf(call.part("Name"));
}

export function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
	return call.part("ArgumentList").list("Expressions");
}

/** `EqualExpression` → `equal expression`. */
function readable(kind: string): string {
	return kind
		.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`)
		.toLowerCase();
}

type Step = string | number;

function compilePath(node: SyntaxNode): Evaluate {
	const [column, ...steps] = stepsOf(node);
	if (typeof column !== "string")
		throw unsupported(node.text, "a path starts with a column");

	if (steps.length === 0) return (row) => row[column] ?? null;
	return (row) => {
		let value = row[column];
		for (const step of steps) {
			value =
				typeof step === "number"
					? elementOf(value, step)
					: propertyOf(value, step);
		}
		return value ?? null;
	};
}

function stepsOf(node: SyntaxNode): Step[] {
	switch (node.kind) {
		case "NameReference":
			return [nameOf(node)];
		case "PathExpression":
		case "ElementExpression":
			return [
				...stepsOf(node.part("Expression")),
				stepOf(node.part("Selector")),
			];
		default:
			throw unsupported(
				node.text,
				`a path cannot start with ${readable(node.kind)}`,
			);
	}
}

function stepOf(selector: SyntaxNode): Step {
	if (selector.kind === "NameReference") return nameOf(selector);

	const index =
		selector.kind === "BracketedExpression"
			? selector.part("Expression").literal
			: undefined;
	if (typeof index === "string" || Number.isInteger(index))
		return index as Step;
	throw unsupported(selector.text, "a path takes .name, ['name'] and [n]");
}

function compileCall(node: SyntaxNode): Evaluate {
	const name = functionName(node);
	switch (name) {
		case "coalesce":
			return compileCoalesce(node);
		case "split":
			return compileSplit(node);
		case "array_slice":
			return compileArraySlice(node);
	}

	const apply = functions.get(name);
	if (!apply)
		throw unsupported(
			name,
			`the functions are ${[...functions.keys(), "coalesce", "split", "array_slice"].join(", ")}`,
		);

	const [argument, ...more] = argumentsOf(node);
	if (!argument || more.length > 0)
		throw unsupported(node.text, `${name} takes one argument`);
	const { evaluate, type } = compileScalar(argument);
	// A string is never null: isnull('') is false.
	if (name === "isnull" && type === "string") return () => false;
	return (row) => apply(evaluate(row));
}

const functions: ReadonlyMap<string, (value: unknown) => unknown> = new Map<
	string,
	(value: unknown) => unknown
>([
	["tolower", (value) => toText(value).toLowerCase()],
	["tostring", toText],
	["toint", toInteger],
	["todatetime", toTime],
	["array_length", arrayLength],
	["isnull", (value) => value === null],
]);

/** First argument that is not null, and for strings not empty. */
function compileCoalesce(node: SyntaxNode): Evaluate {
	const candidates = argumentsOf(node).map(compileValue);
	const nothing = node.type === "string" ? "" : null;

	return (row) => {
		for (const candidate of candidates) {
			const value = candidate(row);
			if (value !== null && (node.type !== "string" || value !== ""))
				return value;
		}
		return nothing;
	};
}

/** The whole list of parts. A path replaces the index that Kusto takes as a third argument. */
function compileSplit(node: SyntaxNode): Evaluate {
	const [source, delimiter, ...more] = argumentsOf(node);
	const separator = delimiter?.literal;
	if (!source || typeof separator !== "string" || more.length > 0)
		throw unsupported(node.text, "split takes a text and a string literal");

	const text = textOf(compileScalar(source));
	return (row) => text(row).split(separator);
}

/** Both ends belong to the slice. Kusto counts negative indexes from the end, which is not needed here. */
function compileArraySlice(node: SyntaxNode): Evaluate {
	const [array, start, end, ...more] = argumentsOf(node);
	const [from, to] = [start?.literal, end?.literal];
	if (
		!array ||
		typeof from !== "number" ||
		typeof to !== "number" ||
		more.length > 0
	)
		throw unsupported(
			node.text,
			"array_slice takes an array and two number literals",
		);

	const evaluate = compileValue(array);
	return (row) => {
		const value = evaluate(row);
		return Array.isArray(value) ? value.slice(from, to + 1) : null;
	};
}
