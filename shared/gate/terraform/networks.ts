import type { CheckedResource } from "../../checks/contract.ts";
import { isPicked, notKnown, type Picked } from "../fields.ts";

import { Attributes } from "./attributeReader.ts";
import { add, type Context, sameId, set, textOf } from "./collected.ts";
import {
	deleted,
	inGroup,
	requiredId,
	routeTableTypes,
	subnetTypes,
} from "./ids.ts";
import type { PlanResource } from "./planFile.ts";
import { isSet } from "./references.ts";

export function network(context: Context, one: PlanResource): void {
	if (deleted(context, one)) return;
	const id = requiredId(context, one);
	if (id === null) return;
	const attributes = new Attributes(context, one);
	const isNew = one.action !== "update";
	if (attributes.field("after", "address_space") === notKnown) {
		attributes.missing("address_space");
		return;
	}
	const space = attributes.value("address_space");
	const subnets = inlineSubnets(context, one);
	const properties = set({
		addressSpace: set({ addressPrefixes: space }),
		subnets: subnets.length > 0 ? subnets : undefined,
	});
	if (!isNew && Object.keys(properties).length === 0) return;
	add(context, one, {
		id,
		type: "Microsoft.Network/virtualNetworks",
		properties,
	});
}

/** Subnets in the network's own block: all of them, since Terraform writes the whole list. */
function inlineSubnets(context: Context, one: PlanResource): Picked[] {
	const now = one.after?.subnet;
	if (now === notKnown) {
		if (isSet(context.plan, one, ["subnet"]) !== false)
			new Attributes(context, one).missing("subnet");
		return [];
	}
	if (
		!Array.isArray(now) ||
		(one.action === "update" &&
			JSON.stringify(now) === JSON.stringify(one.before?.subnet))
	)
		return [];
	return now.flatMap((subnet) => {
		if (!isPicked(subnet) || subnet.route_table_id === notKnown)
			new Attributes(context, one).missing("subnet");
		if (!isPicked(subnet)) return [];
		const name = textOf(subnet.name);
		const prefixes = Array.isArray(subnet.address_prefixes)
			? subnet.address_prefixes
			: textOf(subnet.address_prefix) !== null
				? [subnet.address_prefix]
				: null;
		if (name === null || prefixes === null) {
			new Attributes(context, one).missing("subnet");
			return [];
		}
		const table = textOf(subnet.route_table_id);
		return [
			{
				name,
				properties: {
					addressPrefixes: prefixes,
					...(table === null ? {} : { routeTable: { id: table } }),
				},
			},
		];
	});
}

export function subnet(context: Context, one: PlanResource): void {
	if (deleted(context, one)) return;
	const id = requiredId(context, one);
	if (id === null) return;
	const attributes = new Attributes(context, one);
	// A pool of IP addresses can choose them: then the configuration has none, and they are known later all the same.
	if (attributes.field("after", "address_prefixes") === notKnown) {
		attributes.missing("address_prefixes");
		return;
	}
	const prefixes = attributes.value("address_prefixes");
	if (prefixes === undefined && one.action === "update") return;
	add(context, one, {
		id,
		type: "Microsoft.Network/virtualNetworks/subnets",
		properties: set({ addressPrefixes: prefixes }),
	});
}

export function association(context: Context, one: PlanResource): void {
	const attributes = new Attributes(context, one);
	if (one.action === "delete") {
		const id = textOf(one.before?.subnet_id);
		if (id === null) attributes.missing("subnet_id");
		// Another association of the plan may bring the next table, in any order.
		else if (!hasTable(context, id))
			add(context, { ...one, before: null }, tableOf(id, null));
		return;
	}
	const id =
		textOf(one.after?.subnet_id) ?? attributes.id("subnet_id", subnetTypes);
	const table =
		textOf(one.after?.route_table_id) ??
		attributes.id("route_table_id", routeTableTypes);
	if (!id || !table) return;
	add(context, { ...one, before: null }, tableOf(id, { id: table }));
}

function hasTable({ into }: Context, subnet: string): boolean {
	return into.resources.some(
		({ id, properties }) =>
			sameId(id, subnet) && isPicked(properties.routeTable),
	);
}

function tableOf(id: string, routeTable: Picked | null): CheckedResource {
	return {
		id,
		type: "Microsoft.Network/virtualNetworks/subnets",
		properties: { routeTable },
	};
}

export function routeTable(context: Context, one: PlanResource): void {
	if (deleted(context, one)) return;
	const id = requiredId(context, one);
	if (id === null) return;
	const routes = new Attributes(context, one).value("route");
	if (routes === undefined && one.action === "update") return;
	add(context, one, {
		id,
		type: "Microsoft.Network/routeTables",
		properties: { routes: named(routes) },
	});
}

function named(routes: unknown): Picked[] {
	return Array.isArray(routes)
		? routes.filter(isPicked).map(({ name }) => ({ name }))
		: [];
}

/** A route of its own is one more in its table. A deleted one may stay in the sum: that errs on the safe side. */
export function route(context: Context, one: PlanResource): void {
	if (one.action === "update") return;
	if (one.action === "delete") {
		context.into.notes.push({
			address: one.address,
			text: "The route that is deleted still counts.",
		});
		return;
	}
	const name = textOf(one.after?.name);
	const table = textOf(one.after?.route_table_name);
	const id =
		table &&
		inGroup(context, one.after, "Microsoft.Network/routeTables", table);
	if (!id || name === null) {
		context.into.unknown.push({
			address: one.address,
			text: "The route table of this route is known only after the plan is applied.",
		});
		return;
	}
	const earlier = context.into.resources.find((other) => sameId(other.id, id));
	const routes = earlier?.properties.routes;
	add(
		context,
		{ ...one, before: null },
		{
			id,
			type: "Microsoft.Network/routeTables",
			properties: {
				routes: [...(Array.isArray(routes) ? routes : []), { name }],
			},
		},
	);
}
