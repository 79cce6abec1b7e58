import type { IncomingMessage } from "node:http";
import { type Answer, frontDoorError } from "./answer.ts";
import { type ArmResource, subscriptionOf } from "./rows.ts";

/** Answers a GET of one resource by its ID, as Azure Resource Manager does: what it is now, without Resource Graph's lag. */
export interface ArmService {
	/** Undefined where the request is not for a resource. */
	answer(request: Pick<IncomingMessage, "method" | "url">): Answer | undefined;
	setResources(resources: readonly ArmResource[]): void;
	setReadableSubscriptions(subscriptions: readonly string[] | undefined): void;
}

export function createArmService(
	resources: readonly ArmResource[],
	readableSubscriptions: readonly string[] | undefined,
): ArmService {
	let all = byId(resources);
	let readable = readableSubscriptions;
	return {
		answer: ({ method, url = "" }) => {
			const asked = URL.parse(url, "http://localhost");
			const id = decodeURIComponent(asked?.pathname ?? "");
			if (method !== "GET" || !isResourceId(id)) return undefined;
			const version = asked?.searchParams.get("api-version") ?? "";
			if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(version))
				return frontDoorError(
					400,
					"MissingApiVersionParameter",
					"The api-version query parameter (?api-version=) is required for all requests.",
				);
			const subscription = subscriptionOf({ id });
			if (readable?.includes(subscription) === false)
				return frontDoorError(
					403,
					"AuthorizationFailed",
					`The client '00000000-0000-0000-0000-000000000000' with object id '00000000-0000-0000-0000-000000000000' does not have authorization to perform action '${typeOf(id)}/read' over scope '${id}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
				);
			const resource = all.get(id.toLowerCase());
			return resource === undefined
				? frontDoorError(
						404,
						"ResourceNotFound",
						`The Resource '${id.split("/").slice(6).join("/")}' under resource group '${id.split("/")[4]}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
					)
				: { status: 200, body: JSON.stringify(resource) };
		},
		setResources: (resources) => {
			all = byId(resources);
		},
		setReadableSubscriptions: (subscriptions) => {
			readable = subscriptions?.map((id) => id.toLowerCase());
		},
	};
}

function byId(resources: readonly ArmResource[]): Map<string, ArmResource> {
	return new Map(resources.map((one) => [one.id.toLowerCase(), one]));
}

function isResourceId(id: string): boolean {
	return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+$/i.test(
		id,
	);
}

function typeOf(id: string): string {
	return id.split("/").slice(6, 8).join("/");
}
