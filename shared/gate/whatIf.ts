import * as v from "valibot";
import type { CheckedResource } from "../checks/contract.ts";
import { armFields, typeOfId } from "./armFields.ts";
import { armResource } from "./armResource.ts";
import { isPicked, pick } from "./fields.ts";
import type { PlannedChange, PlanRemark } from "./plannedChange.ts";
import { UnreadableFile } from "./readJson.ts";

const whatIfChange = v.object({
	resourceId: v.nullish(v.string(), ""),
	/** Of what is not a resource of Azure. */
	extension: v.optional(v.unknown()),
	changeType: v.string(),
	before: v.optional(v.unknown()),
	after: v.optional(v.unknown()),
});

const whatIf = v.object({
	status: v.optional(v.nullable(v.string())),
	error: v.optional(v.unknown()),
	changes: v.nullish(v.array(whatIfChange), []),
	potentialChanges: v.nullish(v.array(whatIfChange), []),
	diagnostics: v.nullish(
		v.array(
			v.object({
				code: v.optional(v.nullable(v.string())),
				level: v.optional(v.nullable(v.string())),
				target: v.optional(v.nullable(v.string())),
			}),
		),
		[],
	),
});

/**
 * What a deployment would do, from the JSON of `az deployment group|sub what-if --no-pretty-print`. What the what-if did not
 * expand, evaluate or support is unknown. Throws `UnreadableFile`, whose text quotes nothing of the file.
 */
export function whatIfChanges(value: unknown): PlannedChange {
	const unwrapped: unknown = Reflect.get(Object(value), "properties") ?? value;
	const parsed = v.safeParse(whatIf, unwrapped);
	if (!parsed.success || !isWhatIf(unwrapped))
		throw new UnreadableFile(
			"The file is not the result of a what-if: it has no list of changes. Write it with `az deployment group what-if --no-pretty-print`.",
		);
	const { status, error, changes, potentialChanges, diagnostics } =
		parsed.output;
	const resources: CheckedResource[] = [];
	const removed: string[] = [];
	const unknown: PlanRemark[] = [];
	const notes: PlanRemark[] = [];
	if (error !== null && error !== undefined)
		unknown.push({
			address: "what-if",
			text: "The what-if ended with an error.",
		});
	else if (status && status.toLowerCase() !== "succeeded")
		unknown.push({
			address: "what-if",
			text: "The what-if did not end well: its status is not Succeeded.",
		});
	for (const { code, target, level } of diagnostics) {
		if (level?.toLowerCase() === "info") continue;
		unknown.push({
			address: typeOfId(target ?? "") === null ? "what-if" : String(target),
			text: `The what-if is not whole${/^\w{1,60}$/.test(code ?? "") ? ` (${code})` : ""}: a part of the template was not expanded.`,
		});
	}
	for (const one of potentialChanges) {
		if (known(one.resourceId) === null && !isOpen(one.resourceId)) continue;
		unknown.push({
			address: one.resourceId,
			text: "The what-if says that this resource may change.",
		});
	}
	for (const one of changes) {
		const say = (text: string) =>
			unknown.push({ address: one.resourceId || "what-if", text });
		const isNamed = one.resourceId !== "" || isSet(one.extension);
		if (!isNamed || isOpen(one.resourceId)) {
			say("The what-if does not say which resource this is.");
			continue;
		}
		if (isDeployment(one.resourceId) && !same.has(one.changeType.toLowerCase()))
			say("The what-if did not expand this deployment.");
		const fields = known(one.resourceId);
		if (fields === null) continue;
		switch (one.changeType.toLowerCase()) {
			case "ignore":
			case "nochange":
			case "noeffect":
				continue;
			case "delete":
				removed.push(one.resourceId);
				continue;
			case "create":
			case "modify":
				break;
			case "deploy":
				say(
					"The what-if has IDs only. Run it with --result-format FullResourcePayloads.",
				);
				continue;
			case "unsupported":
				say("The what-if does not support this resource.");
				continue;
			default:
				say("The what-if has a type of change that is not known here.");
				continue;
		}
		const after = pick(fields, one.after ?? null);
		if (after === null || !isPicked(after.properties)) {
			say("The what-if does not say what the resource will be.");
			continue;
		}
		const planned = armResource(one.resourceId, after, {
			before: pick(fields, one.before ?? null),
			isNew: one.changeType.toLowerCase() === "create",
			idBehind: () => null,
		});
		resources.push(planned.resource);
		for (const field of planned.unknown)
			say(`${field} is known only after the deployment.`);
		for (const text of planned.notes)
			notes.push({ address: one.resourceId, text });
	}
	return {
		resources,
		removed,
		replacements: [],
		unknown,
		notes,
		addresses: new Map(),
	};
}

const same = new Set(["ignore", "nochange", "noeffect"]);

function isSet(value: unknown): boolean {
	return value !== undefined && value !== null;
}

/** A deployment within the deployment: what it does is listed on its own, unless it could not be expanded. */
function isDeployment(id: string): boolean {
	return typeOfId(id) === "microsoft.resources/deployments";
}

function isWhatIf(value: unknown): boolean {
	return Array.isArray(Reflect.get(Object(value), "changes"));
}

/** An ID that ARM did not evaluate. It may be any resource, unless it names a type that changes no sum. */
function isOpen(id: string): boolean {
	if (!/[[(]/.test(id)) return false;
	const named = id.match(/microsoft\.[a-z]+\/[a-z/]+/gi) ?? [];
	return (
		named.length === 0 ||
		named.some((type) => armFields[type.toLowerCase()] !== undefined)
	);
}

/** The fields of a resource that the auditor judges. */
function known(id: string) {
	const type = typeOfId(id);
	return type === null ? null : (armFields[type] ?? null);
}
