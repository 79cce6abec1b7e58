import { unsupported } from "./invalidQuery.ts";
import type { SyntaxNode } from "./kustoParser.ts";

/** A query of one statement: a table and the operators it is piped through. */
export interface QueryPipe {
	readonly table: SyntaxNode;
	readonly operators: readonly SyntaxNode[];
	/** The whole expression, whose columns are those of the result. */
	readonly result: SyntaxNode;
}

export function queryPipe(root: SyntaxNode): QueryPipe {
	const statement = onlyStatement(root);
	const operators: SyntaxNode[] = [];
	let source = statement;
	while (source.kind === "PipeExpression") {
		operators.unshift(source.part("Operator"));
		source = source.part("Expression");
	}
	if (source.kind !== "NameReference") {
		throw unsupported(
			firstWord(source),
			"a query starts with a table, such as resources",
		);
	}
	return { table: source, operators, result: statement };
}

function onlyStatement(root: SyntaxNode): SyntaxNode {
	const statements = root.kind === "QueryBlock" ? root.list("Statements") : [];
	const [statement] = statements;
	if (!statement)
		throw unsupported(root.text || "<EOF>", "a query is expected");

	const other = statements.find(({ kind }) => kind !== "ExpressionStatement");
	if (other) throw unsupported(firstWord(other), "a query is one expression");
	if (statements.length > 1)
		throw unsupported(";", "a query is one expression");
	return statement.part("Expression");
}

/** The word that names an operator or a statement, such as `mv-expand` or `let`. */
export function firstWord(node: SyntaxNode): string {
	return /^[\w-]+/.exec(node.text)?.[0] ?? node.text;
}
