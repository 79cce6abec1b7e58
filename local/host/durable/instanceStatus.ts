import type { Instance, RuntimeStatus } from "./instanceStore.ts";

/** What the client's status query answers. */
export interface InstanceStatus {
	readonly name: string;
	readonly instanceId: string;
	readonly runtimeStatus: RuntimeStatus;
	readonly input: unknown;
	readonly customStatus: unknown;
	readonly output: unknown;
	readonly createdTime: string;
	readonly lastUpdatedTime: string;
}

export interface StatusFilter {
	readonly createdTimeFrom?: string | undefined;
	readonly createdTimeTo?: string | undefined;
	/** Empty or absent: all. */
	readonly runtimeStatus?: readonly string[] | undefined;
}

export function statusOf(instance: Instance): InstanceStatus {
	const {
		name,
		instanceId,
		status,
		input,
		customStatus,
		output,
		createdTime,
		lastUpdatedTime,
	} = instance;
	return {
		name,
		instanceId,
		runtimeStatus: status,
		input: JSON.parse(input),
		customStatus,
		output,
		createdTime,
		lastUpdatedTime,
	};
}

export function matches(
	{
		runtimeStatus,
		createdTime,
	}: Pick<InstanceStatus, "runtimeStatus" | "createdTime">,
	filter: StatusFilter,
): boolean {
	const created = Date.parse(createdTime);
	const statuses = filter.runtimeStatus ?? [];
	return (
		(statuses.length === 0 || statuses.includes(runtimeStatus)) &&
		(filter.createdTimeFrom === undefined ||
			created >= Date.parse(filter.createdTimeFrom)) &&
		(filter.createdTimeTo === undefined ||
			created <= Date.parse(filter.createdTimeTo))
	);
}
