import * as v from "valibot";
import { armFields } from "../armFields.ts";
import { type Fields, notKnown, type Picked, pick } from "../fields.ts";
import { UnreadableFile } from "../readJson.ts";
import { providerFields, rotationFields } from "./attributes.ts";

/** What Terraform does to one resource. `temporary-pool` is an update that the provider makes by way of a temporary pool. */
export type PlannedAction =
	| "none"
	| "create"
	| "update"
	| "delete"
	| "delete-create"
	| "create-delete"
	| "unknown";

/** One resource of a plan, with the fields that the sums need and nothing else of it. */
export interface PlanResource {
	readonly address: string;
	readonly moduleAddress: string;
	readonly type: string;
	readonly name: string;
	/** Key of `for_each` or number of `count`. */
	readonly index: string | number | null;
	readonly action: PlannedAction;
	readonly before: Picked | null;
	readonly after: Picked | null;
	/** The ARM body of an azapi resource. `notKnown` where nothing of it is known. */
	readonly body: {
		readonly before: Picked | null;
		readonly after: Picked | typeof notKnown | null;
	} | null;
	/** Fields that differ and that the provider changes by making the pool anew. */
	readonly rotatedBy: readonly string[];
}

/** One expression of the configuration: the addresses that it refers to. */
export interface Expression {
	readonly references: readonly string[];
	/** Whether it is a constant, whose value is not kept. */
	readonly constant: boolean;
}

/** Expressions of a resource or block by the attribute's name; blocks are lists. */
export type Expressions = {
	readonly [name: string]: Expression | readonly Expressions[];
};

export interface ModuleConfig {
	readonly resources: readonly {
		readonly address: string;
		readonly expressions: Expressions;
		readonly forEach: Expression | null;
	}[];
	readonly calls: Readonly<
		Record<
			string,
			{
				readonly expressions: Expressions;
				readonly forEach: Expression | null;
				readonly module: ModuleConfig;
			}
		>
	>;
	readonly outputs: Readonly<Record<string, Expression>>;
}

export interface Plan {
	readonly resources: readonly PlanResource[];
	readonly config: ModuleConfig;
	/** Data sources that are read only when the plan is applied: addresses without keys of their own. */
	readonly laterData: ReadonlySet<string>;
	/** Subscriptions that the plan names: of the provider, of its variable, or of the resources. */
	readonly subscriptions: readonly string[];
	/** What keeps the plan from being whole: errors, partial plans, resources left for a later run. */
	readonly incomplete: readonly {
		readonly address: string;
		readonly text: string;
	}[];
}

const change = v.object({
	actions: v.array(v.string()),
	before: v.optional(v.unknown()),
	after: v.optional(v.unknown()),
	after_unknown: v.optional(v.unknown()),
});
const resourceChange = v.object({
	address: v.string(),
	module_address: v.optional(v.string(), ""),
	mode: v.optional(v.string(), "managed"),
	type: v.string(),
	name: v.string(),
	index: v.optional(v.union([v.string(), v.number()])),
	deposed: v.optional(v.string()),
	change,
});
type ResourceChange = v.InferOutput<typeof resourceChange>;

const head = v.object({
	format_version: v.string(),
	errored: v.optional(v.boolean(), false),
	complete: v.optional(v.boolean(), true),
	resource_changes: v.optional(v.array(resourceChange), []),
	deferred_changes: v.optional(
		v.array(
			v.object({
				reason: v.optional(v.string(), ""),
				resource_change: v.optional(resourceChange),
			}),
		),
		[],
	),
	configuration: v.optional(v.unknown()),
	variables: v.optional(v.unknown()),
});

/** The format's rule: ignore what is new in 1.x, refuse another major version. */
const knownMajor = "1";

/**
 * Reads what `terraform show -json` or `tofu show -json` wrote of a plan. Throws `UnreadableFile`, whose text quotes nothing
 * of the plan.
 */
export function readPlan(value: unknown): Plan {
	const parsed = v.safeParse(head, value);
	if (!parsed.success) {
		const [issue] = parsed.issues;
		const path = v.getDotPath(issue);
		throw new UnreadableFile(
			path === "format_version"
				? "The file is not a plan: it has no format_version. Write it with `terraform show -json tfplan`."
				: `The plan is not understood at ${path ?? "its top"}. Write it with \`terraform show -json tfplan\`.`,
		);
	}
	const plan = parsed.output;
	const [major] = plan.format_version.split(".");
	if (major !== knownMajor)
		throw new UnreadableFile(
			`The plan's format_version is ${/^[\d.]{1,12}$/.test(plan.format_version) ? plan.format_version : "not a version"}. Known are the versions ${knownMajor}.x.`,
		);
	if (Reflect.get(Object(value), "resource_changes") === undefined)
		throw new UnreadableFile(
			"The file has no resource_changes: it is a state, not a plan. Give `terraform show -json` the file of `terraform plan -out`.",
		);
	const managed = plan.resource_changes.filter(
		({ mode }) => mode === "managed",
	);
	const config = readModule(
		Reflect.get(Object(plan.configuration), "root_module"),
	);
	const resources = managed.map(planResource);
	return {
		resources,
		config,
		laterData: new Set(
			plan.resource_changes
				.filter(({ mode }) => mode === "data")
				.map(
					({ module_address: module, type, name }) =>
						`${module === "" ? "" : `${module}.`}data.${type}.${name}`,
				),
		),
		subscriptions: subscriptionsOf(plan.configuration, plan.variables, managed),
		incomplete: [
			...(plan.errored
				? [{ address: "plan", text: "The plan ended with an error." }]
				: []),
			...(plan.complete || plan.errored
				? []
				: [
						{
							address: "plan",
							text: "The plan is not complete: another run has to follow it.",
						},
					]),
			...plan.deferred_changes.flatMap(({ resource_change: one }) =>
				one === undefined || one.type in providerFields
					? [
							{
								address: one?.address ?? "plan",
								text: "Terraform leaves this resource for a later run.",
							},
						]
					: [],
			),
		],
	};
}

function planResource(one: ResourceChange): PlanResource {
	const fields: Fields = providerFields[one.type] ?? { id: true };
	const { before, after, after_unknown: unknown } = one.change;
	return {
		address:
			one.deposed === undefined
				? one.address
				: `${one.address} (deposed object)`,
		moduleAddress: one.module_address,
		type: one.type,
		name: one.name,
		index: one.index ?? null,
		action: actionOf(one.change.actions),
		before: pick(fields, before ?? null),
		after: pick(fields, after ?? null, unknown),
		body: azapiBody(one),
		rotatedBy: rotationFields(one.type, before, after, unknown),
	};
}

/** `Microsoft.Network/virtualNetworks@2024-05-01` in lower case, without its API version. */
export function azapiType(text: unknown): string {
	return typeof text === "string"
		? (text.toLowerCase().split("@")[0] ?? "")
		: "";
}

/** azapi 1 has the body as a text of JSON, azapi 2 as an object. */
function azapiBody({
	type,
	change: { before, after, after_unknown },
}: ResourceChange): PlanResource["body"] {
	if (type !== "azapi_resource" && type !== "azapi_update_resource")
		return null;
	const fields = armFields[azapiType(at(after, "type") ?? at(before, "type"))];
	if (fields === undefined) return null;
	const unknown = at(after_unknown, "body");
	return {
		before: pick(fields, bodyOf(at(before, "body"))),
		after:
			unknown === true
				? notKnown
				: pick(fields, bodyOf(at(after, "body")), unknown),
	};
}

function bodyOf(body: unknown): unknown {
	if (typeof body !== "string") return body ?? null;
	try {
		return JSON.parse(body);
	} catch {
		// The message of the parser quotes the body. Without one the resource is not known.
		return null;
	}
}

const actions: Readonly<Record<string, PlannedAction>> = {
	"no-op": "none",
	read: "none",
	// Terraform no longer manages it. In Azure it stays.
	forget: "none",
	create: "create",
	update: "update",
	delete: "delete",
	"delete,create": "delete-create",
	"create,delete": "create-delete",
	// The old one stays in Azure beside the new one.
	"create,forget": "create",
};

function actionOf(list: readonly string[]): PlannedAction {
	const name = list.join(",");
	return Object.hasOwn(actions, name)
		? (actions[name] ?? "unknown")
		: "unknown";
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function subscriptionsOf(
	configuration: unknown,
	variables: unknown,
	resources: readonly ResourceChange[],
): readonly string[] {
	const found = new Set<string>();
	const add = (value: unknown) => {
		if (typeof value === "string" && guid.test(value))
			found.add(value.toLowerCase());
	};
	const providers: unknown = Reflect.get(
		Object(configuration),
		"provider_config",
	);
	for (const provider of Object.values(Object(providers) as object)) {
		const given: unknown = at(provider, "expressions", "subscription_id");
		add(at(given, "constant_value"));
		const references: unknown = at(given, "references");
		if (Array.isArray(references))
			for (const reference of references)
				if (typeof reference === "string" && reference.startsWith("var."))
					add(at(variables, reference.slice("var.".length), "value"));
	}
	if (found.size > 0) return [...found];
	for (const { change: one } of resources)
		for (const side of [one.before, one.after]) {
			const id: unknown = at(side, "id");
			if (typeof id === "string")
				add(/^\/subscriptions\/([^/]+)\//i.exec(id)?.[1]);
		}
	return [...found];
}

function at(value: unknown, ...path: readonly string[]): unknown {
	return path.reduce<unknown>(
		(now, name) =>
			typeof now === "object" && now !== null && Object.hasOwn(now, name)
				? Reflect.get(now, name)
				: undefined,
		value,
	);
}

function entriesOf(value: unknown): [string, unknown][] {
	return typeof value === "object" && value !== null
		? Object.entries(value)
		: [];
}

function readModule(value: unknown): ModuleConfig {
	const resources: unknown = at(value, "resources");
	return {
		resources: (Array.isArray(resources) ? resources : []).flatMap((one) => {
			const address: unknown = at(one, "address");
			return typeof address === "string"
				? [
						{
							address,
							expressions: readExpressions(at(one, "expressions")),
							forEach: readExpression(at(one, "for_each_expression")),
						},
					]
				: [];
		}),
		calls: Object.fromEntries(
			entriesOf(at(value, "module_calls")).map(([name, call]) => [
				name,
				{
					expressions: readExpressions(at(call, "expressions")),
					forEach: readExpression(at(call, "for_each_expression")),
					module: readModule(at(call, "module")),
				},
			]),
		),
		outputs: Object.fromEntries(
			entriesOf(at(value, "outputs")).flatMap(([name, output]) => {
				const expression = readExpression(at(output, "expression"));
				return expression === null ? [] : [[name, expression]];
			}),
		),
	};
}

function readExpressions(value: unknown): Expressions {
	return Object.fromEntries(
		entriesOf(value).flatMap(
			([name, one]): [string, Expression | readonly Expressions[]][] => {
				if (Array.isArray(one)) return [[name, one.map(readExpressions)]];
				const expression = readExpression(one);
				// A block that there can be one of is an object of expressions.
				return [[name, expression ?? [readExpressions(one)]]];
			},
		),
	);
}

/** Null for what is not one expression. */
function readExpression(value: unknown): Expression | null {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		return null;
	const references: unknown = Reflect.get(value, "references");
	const names = Object.keys(value);
	if (names.length === 0) return { references: [], constant: false };
	if (
		!names.every((name) => name === "references" || name === "constant_value")
	)
		return null;
	return {
		references: Array.isArray(references)
			? references.filter((one) => typeof one === "string")
			: [],
		constant: Object.hasOwn(value, "constant_value"),
	};
}
