import {
	argumentsOf,
	compileScalar,
	type Evaluate,
	functionName,
	type Scalar,
	textOf,
} from "./compileScalar.ts";
import { containsAny } from "./containsAny.ts";
import { unsupported } from "./invalidQuery.ts";
import type { SyntaxNode } from "./kustoParser.ts";
import { equal, type Truth } from "./values.ts";

type Predicate = Evaluate<Truth>;

/** Compiles the condition of `where`. Null counts as false there, but `not(null)` stays null. */
export function compilePredicate(node: SyntaxNode): Predicate {
	switch (node.kind) {
		case "ParenthesizedExpression":
			return compilePredicate(node.part("Expression"));
		case "AndExpression":
			return compileAnd(node);
		case "OrExpression":
			return compileOr(node);
		case "EqualExpression":
			return compileEqual(node);
		case "EqualTildeExpression":
			return compileEqualIgnoringCase(node);
		case "GreaterThanOrEqualExpression":
			return compileNotBefore(node);
		case "InCsExpression":
			return compileIn(node);
		case "ContainsExpression":
			return compileContains([node]);
		case "FunctionCallExpression":
			return compileTest(node);
		default:
			throw unsupported(
				operatorOf(node),
				`'where' takes ==, =~, >=, in~, contains, and, or, not(), isempty(), isnotempty()`,
			);
	}
}

/** The operator as written, such as `!=` or `has`. The whole expression where there is none. */
function operatorOf(node: SyntaxNode): string {
	return node.optional("Operator")?.text ?? node.text;
}

function compileAnd(node: SyntaxNode): Predicate {
	const [left, right] = sidesOf(node);
	return (row) => {
		const first = left(row);
		if (first === false) return false;
		const second = right(row);
		return second === false ? false : first && second;
	};
}

/** Of one text, all that it may contain is looked for at once: it is the text of a whole resource. */
function compileOr(node: SyntaxNode): Predicate {
	const bySource = Map.groupBy(alternativesOf(node), searchedText);
	const tests = [...bySource].flatMap(([source, nodes]) =>
		source === null ? nodes.map(compilePredicate) : compileContains(nodes),
	);
	return (row) => {
		let result: Truth = false;
		for (const test of tests) {
			const value = test(row);
			if (value === true) return true;
			if (value === null) result = null;
		}
		return result;
	};
}

function alternativesOf(node: SyntaxNode): SyntaxNode[] {
	switch (node.kind) {
		case "OrExpression":
			return [node.part("Left"), node.part("Right")].flatMap(alternativesOf);
		case "ParenthesizedExpression":
			return alternativesOf(node.part("Expression"));
		default:
			return [node];
	}
}

/** What `contains` searches. Null: the node is something else. */
function searchedText(node: SyntaxNode): string | null {
	return node.kind === "ContainsExpression" ? node.part("Left").text : null;
}

function sidesOf(node: SyntaxNode): [Predicate, Predicate] {
	return [
		compilePredicate(node.part("Left")),
		compilePredicate(node.part("Right")),
	];
}

function compileTest(node: SyntaxNode): Predicate {
	const name = functionName(node);
	const [argument, ...more] = argumentsOf(node);
	if (!argument || more.length > 0)
		throw unsupported(node.text, `${name} takes one argument`);

	switch (name) {
		case "not": {
			const inner = compilePredicate(argument);
			return (row) => {
				const value = inner(row);
				return value === null ? null : !value;
			};
		}
		case "isempty":
			return compileIsEmpty(argument);
		case "isnotempty": {
			const empty = compileIsEmpty(argument);
			return (row) => !empty(row);
		}
		case "isnull": {
			const { evaluate } = compileScalar(node);
			return (row) => evaluate(row) === true;
		}
		default:
			throw unsupported(
				name,
				"the tests of 'where' are not, isempty, isnotempty, isnull",
			);
	}
}

function compileIsEmpty(argument: SyntaxNode): Evaluate<boolean> {
	const { evaluate } = compileScalar(argument);
	return (row) => {
		const value = evaluate(row);
		return value === null || value === "";
	};
}

function compileEqual(node: SyntaxNode): Predicate {
	const left = compileScalar(node.part("Left"));
	const right = compileScalar(node.part("Right"));
	const family = commonFamily(left, right, "==");
	const [first, second] = [operand(left, family), operand(right, family)];

	return (row) => equal(first(row), second(row));
}

function compileEqualIgnoringCase(node: SyntaxNode): Predicate {
	const [left, right] = [
		stringOperand(node.part("Left"), "=~"),
		stringOperand(node.part("Right"), "=~"),
	];
	return (row) => left(row).toLowerCase() === right(row).toLowerCase();
}

/** Of times alone: nothing is asked about the order of anything else. */
function compileNotBefore(node: SyntaxNode): Predicate {
	const left = compileScalar(node.part("Left"));
	const right = compileScalar(node.part("Right"));
	for (const { type, text } of [left, right])
		if (type !== "datetime")
			throw unsupported(">=", `'${text}' is ${type}, not a datetime`);
	return (row) => {
		const [time, bound] = [left.evaluate(row), right.evaluate(row)];
		return typeof time === "number" && typeof bound === "number"
			? time >= bound
			: null;
	};
}

function compileIn(node: SyntaxNode): Predicate {
	const left = stringOperand(node.part("Left"), "in~");
	const values = node
		.part("Right")
		.list("Expressions")
		.map((element) => {
			if (typeof element.literal === "string")
				return element.literal.toLowerCase();
			throw unsupported(element.text, "'in~' takes a list of string literals");
		});
	const wanted = new Set(values);

	return (row) => wanted.has(left(row).toLowerCase());
}

/** Whether one text contains one of several, which are literals. Ignores case, as Kusto's does. */
function compileContains(nodes: readonly SyntaxNode[]): Predicate {
	const [source] = nodes.map((node) => node.part("Left"));
	const wanted = nodes.map((node) => {
		const right = node.part("Right");
		if (typeof right.literal === "string") return right.literal.toLowerCase();
		throw unsupported(right.text, "'contains' takes a string literal");
	});
	if (source === undefined) return () => false;
	const text = stringOperand(source, "contains");
	const someHas = containsAny(wanted);
	if (someHas !== null) {
		const { evaluate } = compileScalar(untexted(source));
		return (row) => someHas(evaluate(row));
	}
	return (row) => {
		const whole = text(row).toLowerCase();
		return wanted.some((one) => whole.includes(one));
	};
}

/** The value whose text is searched. */
function untexted(node: SyntaxNode): SyntaxNode {
	if (node.kind !== "FunctionCallExpression") return node;
	const [argument] = argumentsOf(node);
	return functionName(node) === "tostring" && argument ? argument : node;
}

function stringOperand(node: SyntaxNode, operator: string): Evaluate<string> {
	const scalar = compileScalar(node);
	const family = familyOf(scalar.type);
	if (family !== "string" && family !== "dynamic") {
		throw unsupported(
			operator,
			`'${scalar.text}' is ${scalar.type}, not a string`,
		);
	}
	return textOf(scalar);
}

/** Named like the typeof of their values. */
type Family = "string" | "number" | "boolean" | "dynamic";

function familyOf(type: string): Family {
	switch (type) {
		case "int":
		case "long":
		case "real":
			return "number";
		case "bool":
			return "boolean";
		case "string":
			return "string";
		default:
			return "dynamic";
	}
}

/** Kusto compares values of one type, and a dynamic value with any but another dynamic one. */
function commonFamily(
	left: Scalar,
	right: Scalar,
	operator: string,
): Exclude<Family, "dynamic"> {
	const [first, second] = [familyOf(left.type), familyOf(right.type)];
	const common = first === "dynamic" ? second : first;
	if (common === "dynamic" || (second !== "dynamic" && second !== common)) {
		const types = `${left.type} with ${right.type}`;
		throw unsupported(
			operator,
			`comparing ${types} ('${left.text}', '${right.text}') needs a conversion`,
		);
	}
	return common;
}

function operand(scalar: Scalar, family: Exclude<Family, "dynamic">): Evaluate {
	if (family === "string") return textOf(scalar);

	const { evaluate } = scalar;
	return (row) => {
		const value = evaluate(row);
		return typeof value === family ? value : null;
	};
}
