import { createRequire } from "node:module";
import type { Column, TableSchemas } from "./schema.ts";

/** The part of the parser's syntax tree that is used here, free of the library's own collections and enums. */
export interface SyntaxNode {
	/** Name of the library's SyntaxKind, such as `FilterOperator`. */
	readonly kind: string;
	readonly text: string;
	/** Kusto type of an expression after analysis: `string`, `dynamic`, …, `unknown`. */
	readonly type: string;
	/** Columns after this operator or of this table. */
	readonly columns: readonly Column[];
	readonly literal: string | number | boolean | undefined;
	part(name: string): SyntaxNode;
	optional(name: string): SyntaxNode | undefined;
	list(name: string): readonly SyntaxNode[];
}

export interface Diagnostic {
	readonly message: string;
	readonly line: number;
	readonly characterPositionInLine: number;
	readonly token: string;
}

interface ParsedQuery {
	readonly root: SyntaxNode;
	/** Errors of the grammar. */
	readonly syntaxErrors: readonly Diagnostic[];
	/** Errors against the schema: unknown tables and columns, operand types. */
	readonly semanticErrors: readonly Diagnostic[];
}

/** Parses and analyses a query. Table names count in any casing, as in Resource Graph. */
export function parseQuery(kql: string, schema: TableSchemas): ParsedQuery {
	const text = lowerTableName(kql, schema);
	const { KustoCode } = loadParser().language;
	const code = KustoCode.ParseAndAnalyze(text, globalsFor(schema));
	const syntax = errorsOf(code.GetSyntaxDiagnostics(), kql);
	const all = errorsOf(code.GetDiagnostics(), kql);

	return {
		root: wrap(code.Syntax),
		syntaxErrors: syntax,
		semanticErrors: syntax.length > 0 ? [] : all,
	};
}

interface BridgeList<T> {
	readonly Count: number;
	getItem(index: number): T;
}

interface BridgeDiagnostic {
	readonly Severity: string;
	readonly Message: string;
	readonly Start: number;
	readonly Length: number;
}

interface BridgeSymbol {
	readonly Name: string;
	readonly Type?: BridgeSymbol;
	readonly Columns?: BridgeList<BridgeSymbol> | null;
}

interface BridgeNode {
	readonly Kind: number;
	readonly TextStart: number;
	readonly Width: number;
	readonly ChildCount: number;
	readonly ResultType?: BridgeSymbol | null;
	/** Boxed numbers and booleans of the library, or a plain string. */
	readonly LiteralValue?: unknown;
	GetChild(index: number): BridgeNode | null;
	ToString(trivia: number): string;
}

interface BridgeCode {
	readonly Syntax: BridgeNode;
	GetDiagnostics(): BridgeList<BridgeDiagnostic>;
	GetSyntaxDiagnostics(): BridgeList<BridgeDiagnostic>;
}

type BridgeGlobals = { readonly opaque: unique symbol };
type BridgeTable = { WithName(name: string): BridgeTable };

interface KustoLanguage {
	readonly KustoCode: {
		Parse(text: string): BridgeCode;
		ParseAndAnalyze(text: string, globals: BridgeGlobals): BridgeCode;
	};
	readonly GlobalState: {
		readonly Default: { WithDatabase(database: object): BridgeGlobals };
	};
	readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, unknown>> };
	readonly Symbols: {
		readonly DatabaseSymbol: {
			readonly ctor: new (name: string, tables: BridgeTable[]) => object;
		};
		readonly TableSymbol: { From(schema: string): BridgeTable };
	};
}

/** The library's IncludeTrivia.SingleLine: no comments, no line breaks. */
const withoutTrivia = 3;
let loaded: Library | undefined;
const globalsBySchema = new WeakMap<TableSchemas, BridgeGlobals>();

interface Library {
	readonly language: KustoLanguage;
	readonly kindNames: ReadonlyMap<number, string>;
}

/** Takes two seconds: a server calls it before its first request. Who asks nothing does not wait for it. */
export function loadParser(): Library {
	if (loaded === undefined) {
		const language = loadKusto();
		loaded = { language, kindNames: namesOfKinds(language.Syntax.SyntaxKind) };
	}
	return loaded;
}

/** The library is a pair of scripts without exports: they define the global `Kusto`. */
function loadKusto(): KustoLanguage {
	const load = createRequire(import.meta.url);
	load("@kusto/language-service-next/bridge.min.js");
	load("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
	const scope = globalThis as unknown as {
		readonly Kusto: { readonly Language: KustoLanguage };
	};

	const { Language } = scope.Kusto;
	// The grammar is built at first use, which takes a second: better here than within the first request.
	Language.KustoCode.Parse("resources");
	return Language;
}

function namesOfKinds(
	kinds: Readonly<Record<string, unknown>>,
): ReadonlyMap<number, string> {
	return new Map(
		Object.entries(kinds).flatMap(([name, value]) =>
			typeof value === "number" ? [[value, name] as const] : [],
		),
	);
}

function nameOfKind({ Kind }: BridgeNode): string {
	return loadParser().kindNames.get(Kind) ?? String(Kind);
}

function globalsFor(schema: TableSchemas): BridgeGlobals {
	const known = globalsBySchema.get(schema);
	if (known) return known;

	const { Symbols, GlobalState } = loadParser().language;
	const tables = Object.entries(schema).map(([table, columns]) => {
		const list = Object.entries(columns).map(
			([name, type]) => `['${name}']:${type}`,
		);
		return Symbols.TableSymbol.From(`(${list.join(", ")})`).WithName(table);
	});
	const database = new Symbols.DatabaseSymbol.ctor("ResourceGraph", tables);
	const globals = GlobalState.Default.WithDatabase(database);
	globalsBySchema.set(schema, globals);

	return globals;
}

/** Kusto tells `Resources` from `resources`, Resource Graph does not: the query's first word is brought to the schema's casing. */
function lowerTableName(kql: string, schema: TableSchemas): string {
	const { language, kindNames } = loadParser();
	let node: BridgeNode | null = language.KustoCode.Parse(kql).Syntax;
	while (
		node &&
		node.ChildCount > 0 &&
		kindNames.get(node.Kind) !== "NameReference"
	)
		node = firstChild(node);
	const name = node?.ToString(withoutTrivia) ?? "";
	if (!node || !Object.hasOwn(schema, name.toLowerCase())) return kql;

	return (
		kql.slice(0, node.TextStart) +
		name.toLowerCase() +
		kql.slice(node.TextStart + name.length)
	);
}

function firstChild(node: BridgeNode): BridgeNode | null {
	for (let index = 0; index < node.ChildCount; index++) {
		const child = node.GetChild(index);
		if (child && child.Width > 0) return child;
	}
	return null;
}

function wrap(node: BridgeNode): SyntaxNode {
	const kind = nameOfKind(node);

	return {
		kind,
		// Only where it is asked for: of a long condition, each part's text is nearly as long.
		get text() {
			return node.ToString(withoutTrivia);
		},
		type: node.ResultType?.Name ?? "unknown",
		columns: columnsOf(node.ResultType),
		literal: literalOf(kind, node),
		part: (name) => wrap(partOf(node, name)),
		optional: (name) => {
			const child = childAt(node, name);
			return child ? wrap(child) : undefined;
		},
		list: (name) => elements(partOf(node, name)).map(wrap),
	};
}

function childAt(node: BridgeNode, name: string): BridgeNode | undefined {
	const value: unknown = Reflect.get(node, name);
	return isNode(value) ? value : undefined;
}

function partOf(node: BridgeNode, name: string): BridgeNode {
	const child = childAt(node, name);
	if (!child) throw new TypeError(`${nameOfKind(node)} has no part ${name}`);
	return child;
}

function isNode(value: unknown): value is BridgeNode {
	return (
		typeof value === "object" &&
		value !== null &&
		"Kind" in value &&
		"GetChild" in value
	);
}

/** Lists have separated elements: the element with its comma. */
function elements(list: BridgeNode): BridgeNode[] {
	const found: BridgeNode[] = [];
	for (let index = 0; index < list.ChildCount; index++) {
		const child = list.GetChild(index);
		if (child) found.push(childAt(child, "Element") ?? child);
	}
	return found;
}

function columnsOf(type: BridgeSymbol | null | undefined): Column[] {
	const columns = type?.Columns;
	if (!columns) return [];

	return Array.from({ length: columns.Count }, (_, index) => {
		const column = columns.getItem(index);
		return { name: column.Name, type: column.Type?.Name ?? "unknown" };
	});
}

function literalOf(
	kind: string,
	node: BridgeNode,
): string | number | boolean | undefined {
	switch (kind) {
		case "StringLiteralExpression":
			return String(node.LiteralValue);
		case "LongLiteralExpression":
		case "RealLiteralExpression":
			return Number(String(node.LiteralValue));
		case "BooleanLiteralExpression":
			return String(node.LiteralValue).toLowerCase() === "true";
		case "DateTimeLiteralExpression":
			return Date.parse(
				node.ToString(withoutTrivia).slice("datetime(".length, -1),
			);
		default:
			return undefined;
	}
}

function errorsOf(
	list: BridgeList<BridgeDiagnostic>,
	kql: string,
): Diagnostic[] {
	return Array.from({ length: list.Count }, (_, index) => list.getItem(index))
		.filter((found) => found.Severity === "Error")
		.map((found) => ({
			message: found.Message,
			...placeOf(kql, found.Start),
			token:
				kql.slice(found.Start, found.Start + found.Length) ||
				tokenAt(kql, found.Start),
		}));
}

function placeOf(
	kql: string,
	position: number,
): { line: number; characterPositionInLine: number } {
	const before = kql.slice(0, position).split("\n");
	return {
		line: before.length,
		characterPositionInLine: before.at(-1)?.length ?? 0,
	};
}

function tokenAt(kql: string, position: number): string {
	return /^\s*(\w+|\S)/.exec(kql.slice(position))?.[1] ?? "<EOF>";
}
