import type {
	Expression,
	Expressions,
	ModuleConfig,
	Plan,
	PlanResource,
} from "./planFile.ts";

/** A module's instance: where its configuration is, and which instance called it. */
interface Scope {
	/** As `module_address` names it: "" for the root. */
	readonly address: string;
	readonly config: ModuleConfig;
	readonly caller: {
		readonly scope: Scope;
		readonly expressions: Expressions;
		readonly self: Self;
	} | null;
}

/** What `each` and `count` mean in an expression. */
interface Self {
	readonly index: string | number | null;
	readonly forEach: Expression | null;
}

/** The resources whose values an expression is made of. `whole`: every reference could be followed. */
interface Reached {
	readonly resources: readonly PlanResource[];
	readonly whole: boolean;
}

const nothing: Reached = { resources: [], whole: true };
const lost: Reached = { resources: [], whole: false };

/** Longer chains of references are not followed. */
const mostSteps = 40;

/**
 * The one resource of these types that an attribute refers to, where its value is known only after apply: for example the
 * new subnet behind `vnet_subnet_id`. Null where the references lead elsewhere, nowhere, or to more than one.
 */
export function referredTo(
	plan: Plan,
	from: PlanResource,
	path: readonly (string | number)[],
	types: ReadonlySet<string>,
): PlanResource | null {
	const scope = scopeOf(plan.config, from.moduleAddress);
	const config = scope && configOf(scope, from);
	if (!scope || !config) return null;
	const expression = expressionAt(config.expressions, path);
	if (expression === null) return null;
	const reached = follow(
		{ plan, types },
		scope,
		expression,
		{ index: from.index, forEach: config.forEach },
		0,
	);
	if (!reached.whole) return null;
	// A value that is not known yet comes from a resource whose ID is not known yet.
	const [only, ...more] = [...new Set(reached.resources)].filter(
		(one) => typeof one.after?.id !== "string",
	);
	return only !== undefined && more.length === 0 ? only : null;
}

/** Whether the configuration sets this attribute. Null: it cannot be told, since `dynamic` blocks are not in the plan. */
export function isSet(
	plan: Plan,
	from: PlanResource,
	path: readonly (string | number)[],
): boolean | null {
	const scope = scopeOf(plan.config, from.moduleAddress);
	const config = scope && configOf(scope, from);
	if (!config) return null;
	const [first, ...rest] = path;
	if (rest.length > 0 && !Object.hasOwn(config.expressions, String(first)))
		return null;
	return expressionAt(config.expressions, path) !== null;
}

function configOf(scope: Scope, from: PlanResource) {
	const address = `${from.type}.${from.name}`;
	return scope.config.resources.find((one) => one.address === address) ?? null;
}

function expressionAt(
	expressions: Expressions,
	path: readonly (string | number)[],
): Expression | null {
	const [name, number, ...rest] = path;
	const found = Object.hasOwn(expressions, String(name))
		? expressions[String(name)]
		: undefined;
	if (found === undefined) return null;
	if (!isBlocks(found)) return number === undefined ? found : null;
	const block = found[Number(number)] ?? found[0];
	return block === undefined ? null : expressionAt(block, rest);
}

function isBlocks(
	one: Expression | readonly Expressions[],
): one is readonly Expressions[] {
	return Array.isArray(one);
}

const step = /module\.([\w-]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?/y;

function scopeOf(root: ModuleConfig, address: string): Scope | null {
	let scope: Scope = { address: "", config: root, caller: null };
	step.lastIndex = 0;
	while (step.lastIndex < address.length) {
		const match = step.exec(address);
		const call = match && scope.config.calls[match[1] ?? ""];
		if (!match || !call) return null;
		scope = {
			address: address.slice(0, step.lastIndex),
			config: call.module,
			caller: {
				scope,
				expressions: call.expressions,
				self: { index: keyOf(match[2]), forEach: call.forEach },
			},
		};
		// The dot between two modules.
		step.lastIndex += 1;
	}
	return scope;
}

function keyOf(brackets: string | undefined): string | number | null {
	return brackets === undefined ? null : JSON.parse(brackets.slice(1, -1));
}

interface Search {
	readonly plan: Plan;
	readonly types: ReadonlySet<string>;
}

function follow(
	search: Search,
	scope: Scope,
	expression: Expression,
	self: Self,
	steps: number,
): Reached {
	if (steps > mostSteps) return lost;
	const references = longest(expression.references);
	const reached = all(
		references.map((reference) =>
			followOne(search, scope, reference, self, steps + 1),
		),
	);
	// `azurerm_subnet.a[each.key].id` is listed as `azurerm_subnet.a` and `each.key`.
	const byKey = references.some(
		(one) => one === "each.key" || one === "count.index",
	);
	if (!byKey || self.index === null) return reached;
	const key = `[${JSON.stringify(self.index)}]`;
	const own = reached.resources.filter(
		({ index, moduleAddress }) =>
			index === self.index || moduleAddress.endsWith(key),
	);
	if (own.length === 0) return reached;
	// `["${each.key}-pods"]` is listed in the same way: with "a" and "a-pods" there, nobody can tell which is meant.
	const isMadeOfKey = ({ index }: PlanResource) =>
		typeof index === "string" &&
		index !== self.index &&
		index.includes(String(self.index));
	return reached.resources.some(isMadeOfKey)
		? reached
		: { ...reached, resources: own };
}

function followOne(
	search: Search,
	scope: Scope,
	reference: string,
	self: Self,
	steps: number,
): Reached {
	const [first = "", second = ""] = reference.split(/[.[]/);
	switch (first) {
		case "each":
			if (second === "key") return nothing;
			return self.forEach === null
				? lost
				: follow(
						search,
						scope,
						self.forEach,
						{ index: null, forEach: null },
						steps,
					);
		case "count":
		case "path":
		case "terraform":
			return nothing;
		case "var":
			return followVariable(search, scope, second, steps);
		case "module":
			return followOutput(search, scope, reference, steps);
		case "data":
			return isLater(search.plan, scope, reference) ? lost : nothing;
		case "local":
		case "self":
			// Locals are not in a plan.
			return lost;
		default:
			return followResource(search, scope, reference, steps);
	}
}

/** Variables of the root are known when the plan is made. */
function followVariable(
	search: Search,
	{ caller }: Scope,
	name: string,
	steps: number,
): Reached {
	if (caller === null) return nothing;
	const given = caller.expressions[name];
	// Its default, which is a constant.
	if (given === undefined) return nothing;
	if (isBlocks(given)) return lost;
	return follow(search, caller.scope, given, caller.self, steps);
}

function followOutput(
	search: Search,
	scope: Scope,
	reference: string,
	steps: number,
): Reached {
	const match = /^module\.([\w-]+)(\[[^\]]*\])?(?:\.([\w-]+))?/.exec(reference);
	const [, call = "", key, output] = match ?? [];
	const called = scope.config.calls[call];
	if (called === undefined) return lost;
	const prefix = scope.address === "" ? "" : `${scope.address}.`;
	const instances =
		key === undefined
			? instancesOf(search.plan, `${prefix}module.${call}`)
			: [`${prefix}module.${call}${key}`];
	const outputs = called.module.outputs;
	return all(
		instances.flatMap((address) => {
			const inner = scopeOf(search.plan.config, address);
			if (inner === null) return [lost];
			const wanted =
				output === undefined ? Object.values(outputs) : [outputs[output]];
			return wanted.map((one) =>
				one === undefined
					? lost
					: follow(search, inner, one, { index: null, forEach: null }, steps),
			);
		}),
	);
}

/** The addresses of a module's instances that have resources in the plan. */
function instancesOf(plan: Plan, address: string): string[] {
	return [
		...new Set(
			plan.resources.flatMap(({ moduleAddress }) => {
				if (!moduleAddress.startsWith(address)) return [];
				const rest = moduleAddress.slice(address.length);
				if (rest === "" || rest.startsWith(".")) return [address];
				const key = /^\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/.exec(rest)?.[0];
				return key === undefined ? [] : [address + key];
			}),
		),
	];
}

/** Whether a data source is read only when the plan is applied. */
function isLater(plan: Plan, scope: Scope, reference: string): boolean {
	const [, type, name] = reference.split(/[.[]/);
	return plan.laterData.has(
		`${scope.address === "" ? "" : `${scope.address}.`}data.${type}.${name}`,
	);
}

function followResource(
	search: Search,
	scope: Scope,
	reference: string,
	steps: number,
): Reached {
	const match =
		/^([\w-]+)\.([\w-]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?(?:\.([\w-]+))?/.exec(
			reference,
		);
	if (match === null) return lost;
	const [, type = "", name = "", key, attribute] = match;
	const index: string | number | null =
		key === undefined ? null : JSON.parse(key);
	const instances = search.plan.resources.filter(
		(one) =>
			one.type === type &&
			one.name === name &&
			one.moduleAddress === scope.address &&
			(key === undefined || one.index === index),
	);
	if (instances.length === 0) return lost;
	if (search.types.has(type)) return { resources: instances, whole: true };
	// An attribute of another resource, such as the subnet_id of an association, is followed to its own expression.
	const config = scope.config.resources.find(
		(one) => one.address === `${type}.${name}`,
	);
	const expression =
		config && attribute ? expressionAt(config.expressions, [attribute]) : null;
	if (!config || expression === null) return lost;
	return all(
		instances.map((one) =>
			follow(
				search,
				scope,
				expression,
				{ index: one.index, forEach: config.forEach },
				steps,
			),
		),
	);
}

function all(parts: readonly Reached[]): Reached {
	return {
		resources: parts.flatMap(({ resources }) => resources),
		whole: parts.every(({ whole }) => whole),
	};
}

/** A plan lists `azurerm_subnet.a.id` and `azurerm_subnet.a` for one reference: the longer one says it all. */
function longest(references: readonly string[]): readonly string[] {
	return references.filter(
		(one) =>
			!references.some(
				(other) =>
					other.length > one.length &&
					other.startsWith(one) &&
					/^[.[]/.test(other.slice(one.length)),
			),
	);
}
