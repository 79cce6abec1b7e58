import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Pool } from "../data/answers.ts";
import type { AddedPool } from "./edits.ts";
import { NumberInput, SurgeInput } from "./inputs.tsx";

/** The settings of a pool that the cluster does not have. */
export function NewPool({
	pool,
	pools,
	change,
}: {
	readonly pool: AddedPool;
	readonly pools: readonly Pool[];
	readonly change: (edit: Partial<AddedPool>) => void;
}) {
	return (
		<fieldset class="new-pool">
			<legend>New pool</legend>
			<label>
				Name{" "}
				<input
					type="text"
					required
					pattern="[a-z][a-z0-9]{0,11}"
					title="1 to 12 small letters and digits, a letter first"
					value={pool.name}
					onInput={(event) => change({ name: event.currentTarget.value })}
				/>
			</label>
			<label>
				Machines and subnets of{" "}
				<select
					value={pool.like}
					onChange={(event) => change({ like: event.currentTarget.value })}
				>
					{pools.map(({ name }) => (
						<option key={name} value={name}>
							{name}
						</option>
					))}
				</select>
			</label>
			<Field text="Nodes">
				{(id) => (
					<NumberInput
						id={id}
						value={pool.nodes}
						change={(nodes) => change({ nodes })}
					/>
				)}
			</Field>
			<Field text="Autoscaler max">
				{(id) => (
					<NumberInput
						id={id}
						value={pool.maxNodes}
						change={(maxNodes) => change({ maxNodes })}
					/>
				)}
			</Field>
			<Field text="Max pods">
				{(id) => (
					<NumberInput
						id={id}
						value={pool.maxPods}
						change={(maxPods) => change({ maxPods })}
					/>
				)}
			</Field>
			<Field text="Max surge">
				{(id) => (
					<SurgeInput
						id={id}
						value={pool.maxSurge}
						change={(maxSurge) => change({ maxSurge })}
					/>
				)}
			</Field>
		</fieldset>
	);
}

function Field({
	text,
	children,
}: {
	readonly text: string;
	/** With the ID of the input. */
	readonly children: (id: string) => ComponentChildren;
}) {
	const id = useId();
	return (
		<span>
			<label for={id}>{text}</label> {children(id)}
		</span>
	);
}

export function emptyPool(pools: readonly Pool[]): AddedPool {
	const like = pools.find(({ changeable }) => changeable) ?? pools[0];
	return {
		name: "new",
		like: like?.name ?? "",
		nodes: "3",
		maxNodes: "",
		maxPods: String(like?.maxPods ?? ""),
		maxSurge: "",
	};
}
