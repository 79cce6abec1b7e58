import { armFields } from "../armFields.ts";
import { armResource } from "../armResource.ts";
import { notKnown } from "../fields.ts";
import { add, type Context, textOf } from "./collected.ts";
import { deleted, idOf, requiredId, subnetTypes } from "./ids.ts";
import { azapiType, type PlanResource } from "./planFile.ts";
import { referredTo } from "./references.ts";

/** A resource of the azapi provider: ARM's own shape in `body`. */
export function azapiChange(context: Context, one: PlanResource): void {
	const type = azapiType(one.after?.type ?? one.before?.type);
	if (armFields[type] === undefined) return;
	const unknown = (text: string) =>
		context.into.unknown.push({ address: one.address, text });
	if (one.type === "azapi_resource_action") {
		if (one.action !== "delete")
			unknown(
				"The plan calls an action of Azure on this resource. What it does is not in the plan.",
			);
		return;
	}
	if (one.type === "azapi_update_resource") {
		// Azure keeps what an azapi_update_resource wrote when Terraform deletes it.
		if (one.action === "delete") return;
	} else if (deleted(context, one)) return;
	const id =
		textOf(one.after?.resource_id) ??
		(one.type === "azapi_update_resource"
			? updatedId(context, one)
			: requiredId(context, one));
	if (id === null) {
		if (one.type === "azapi_update_resource")
			unknown("The resource that is updated is known only after apply.");
		return;
	}
	const after = one.body?.after ?? null;
	if (after === notKnown || after === null) {
		unknown("The body is known only after the plan is applied.");
		return;
	}
	const planned = armResource(id, after, {
		before: one.body?.before ?? null,
		isNew:
			one.type === "azapi_resource" &&
			(one.action === "create" ||
				one.action === "delete-create" ||
				one.action === "create-delete"),
		idBehind: () => {
			const target = referredTo(context.plan, one, ["body"], subnetTypes);
			return target && idOf(context, target);
		},
	});
	for (const field of planned.unknown)
		unknown(`body.${field} is known only after the plan is applied.`);
	for (const text of planned.notes)
		context.into.notes.push({ address: one.address, text });
	add(context, one, planned.resource);
}

function updatedId(context: Context, one: PlanResource): string | null {
	const { resource_id: given } = one.after ?? {};
	if (given === notKnown) {
		const types = new Set([
			"azurerm_kubernetes_cluster",
			"azurerm_kubernetes_cluster_node_pool",
			"azurerm_subnet",
			"azurerm_virtual_network",
			"azapi_resource",
		]);
		const target = referredTo(context.plan, one, ["resource_id"], types);
		return target && idOf(context, target);
	}
	return idOf(context, { ...one, type: "azapi_resource" });
}
