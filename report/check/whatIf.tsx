import { useState } from "preact/hooks";
import { words } from "../../shared/model/range.ts";
import type { Capacity, Pool } from "../data/answers.ts";
import { CopyButton } from "../parts/copyButton.tsx";
import { Scroll } from "../parts/scroll.tsx";
import { Answered } from "./checked.tsx";
import { type AddedPool, type Edit, triedOf } from "./edits.ts";
import { NumberInput, SurgeInput } from "./inputs.tsx";
import { emptyPool, NewPool } from "./newPool.tsx";
import { useCheck } from "./useCheck.ts";

/** Other settings of a cluster's pools, and whether they would fit. */
export function WhatIf({ capacity }: { readonly capacity: Capacity }) {
	const check = useCheck();
	const { cluster, pools } = capacity;
	const [edits, setEdits] = useState<Readonly<Record<string, Edit>>>({});
	const [added, setAdded] = useState<AddedPool | null>(null);
	if (pools.length === 0) return null;
	if (check === null)
		return (
			<p class="noun">
				A saved file cannot try changes: the report that the auditor serves can.
			</p>
		);
	const { asked, ask } = check;
	const tried = triedOf(cluster, pools, edits, added);
	const isChange = tried.body.resources?.length !== 0;
	const submit = (event: Event) => {
		event.preventDefault();
		ask(tried.body);
	};
	return (
		<details class="ledger what-if">
			<summary>
				<h2>What if</h2>{" "}
				<span class="noun">Try other settings. It changes nothing.</span>
			</summary>
			<form onSubmit={submit}>
				<Scroll of="Settings of the pools">
					<table>
						<thead>
							<tr>
								<th scope="col">Pool</th>
								<th scope="col">Nodes</th>
								<th scope="col">Autoscaler min</th>
								<th scope="col">Autoscaler max</th>
								<th scope="col">Max surge</th>
							</tr>
						</thead>
						<tbody>
							{pools.map((pool) => (
								<PoolRow
									key={pool.name}
									pool={pool}
									edit={edits[pool.name] ?? {}}
									change={(edit) =>
										setEdits((before) => ({
											...before,
											[pool.name]: { ...before[pool.name], ...edit },
										}))
									}
								/>
							))}
						</tbody>
					</table>
				</Scroll>
				{added !== null && (
					<NewPool
						pool={added}
						pools={pools}
						change={(edit) => setAdded({ ...added, ...edit })}
					/>
				)}
				<p class="actions">
					<button
						type="submit"
						class="button primary"
						disabled={asked.state === "asking"}
					>
						{isChange ? "Would it fit?" : "May it upgrade now?"}
					</button>
					<button
						type="button"
						class="button"
						onClick={() => setAdded(added === null ? emptyPool(pools) : null)}
					>
						{added === null ? "Add a pool" : "Remove the new pool"}
					</button>
				</p>
			</form>
			{tried.commands.map((line) => (
				<div class="command" key={line}>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long command scrolls, also by key */}
					<pre tabIndex={0}>
						<code>{line}</code>
					</pre>
					<CopyButton text={line} name="Copy the command" />
				</div>
			))}
			<Answered asked={asked} />
		</details>
	);
}

function PoolRow({
	pool,
	edit,
	change,
}: {
	readonly pool: Pool;
	readonly edit: Edit;
	readonly change: (edit: Edit) => void;
}) {
	const { name, nodes, minNodes, maxNodes, maxSurge, changeable, spot } = pool;
	const isScaled = maxNodes !== null;
	const number = (
		field: "nodes" | "minNodes" | "maxNodes",
		now: number | null,
	) => (
		<NumberInput
			label={`${labels[field]} of pool ${name}`}
			value={edit[field] ?? String(now ?? "")}
			change={(value) => change({ [field]: value })}
		/>
	);
	return (
		<tr>
			<th scope="row">{name}</th>
			<td>
				{changeable && !isScaled ? number("nodes", nodes.high) : words(nodes)}
			</td>
			<td>
				{changeable && isScaled
					? number("minNodes", minNodes)
					: (minNodes ?? "")}
			</td>
			<td>
				{changeable && isScaled
					? number("maxNodes", maxNodes)
					: (maxNodes ?? "")}
			</td>
			<td>
				{changeable && !spot ? (
					<SurgeInput
						label={`Max surge of pool ${name}`}
						value={edit.maxSurge ?? maxSurge ?? ""}
						change={(value) => change({ maxSurge: value })}
					/>
				) : (
					(maxSurge ?? "")
				)}
			</td>
		</tr>
	);
}

const labels = {
	nodes: "Nodes",
	minNodes: "Autoscaler min",
	maxNodes: "Autoscaler max",
} as const;
