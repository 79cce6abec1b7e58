import { useState } from "preact/hooks";
import { type Verdict, verdicts } from "../../shared/contract.ts";
import { scenarioText } from "../../shared/model/amountText.ts";
import { worstFirst } from "../../shared/model/verdictOrder.ts";
import { grouped, plural } from "../../shared/text.ts";
import { replaceRoute, useLoaded } from "../context.ts";
import type { ListedCluster } from "../data/answers.ts";
import { BudgetLink } from "../parts/budgetName.tsx";
import { Reading } from "../parts/loading.tsx";
import { VerdictMark } from "../parts/verdict.tsx";
import { hashOf } from "../route.ts";
import { freeText } from "../words.ts";

/** Every cluster that the audit judged, by the worst of what it uses. */
export function ClustersView({
	verdict,
}: {
	readonly verdict: readonly Verdict[];
}) {
	const clusters = useLoaded(`clusters ${verdict}`, (data) =>
		data.clusters(verdict),
	);
	const overview = useLoaded("overview", (data) => data.overview());
	const counts =
		overview.state === "read" ? overview.value.verdicts.clusters : null;
	const [text, setText] = useState("");
	const toggle = (one: Verdict) => {
		const chosen = new Set(verdict);
		if (!chosen.delete(one)) chosen.add(one);
		replaceRoute({
			view: "clusters",
			verdict: verdicts.filter((other) => chosen.has(other)),
		});
	};
	return (
		<>
			<h1>Clusters</h1>
			<form
				class="filters"
				aria-label="Filters"
				onSubmit={(event) => event.preventDefault()}
			>
				<fieldset class="chips">
					<legend class="visually-hidden">Verdicts</legend>
					{worstFirst.map((one) => (
						<button
							key={one}
							type="button"
							class={`chip ${one}`}
							aria-pressed={verdict.includes(one)}
							onClick={() => toggle(one)}
						>
							{counts !== null && <strong>{grouped(counts[one])}</strong>} {one}
						</button>
					))}
				</fieldset>
				<label class="search">
					<span class="visually-hidden">Name of the cluster</span>
					<input
						type="search"
						placeholder="Name"
						value={text}
						onInput={(event) => setText(event.currentTarget.value)}
					/>
				</label>
			</form>
			<Reading of={clusters}>
				{(all) => {
					const words = text.trim().toLowerCase();
					const shown = all.filter(({ name }) => name.includes(words));
					return (
						<>
							<p class="quiet count" role="status">
								{plural(shown.length, "cluster")}
							</p>
							<Table key={`${verdict} ${words}`} clusters={shown} />
						</>
					);
				}}
			</Reading>
		</>
	);
}

const step = 100;

function Table({ clusters }: { readonly clusters: readonly ListedCluster[] }) {
	const [most, setMost] = useState(step);
	if (clusters.length === 0) return null;
	return (
		<>
			<table class="clusters">
				<thead>
					<tr>
						<th scope="col">Cluster</th>
						<th scope="col">Verdict</th>
						<th scope="col">By how much</th>
						<th scope="col">Where</th>
					</tr>
				</thead>
				<tbody>
					{clusters.slice(0, most).map((one) => (
						<Row key={one.id} cluster={one} />
					))}
				</tbody>
			</table>
			{clusters.length > most && (
				<button
					type="button"
					class="button"
					onClick={() => setMost(most + step)}
				>
					Show {Math.min(step, clusters.length - most)} more
				</button>
			)}
		</>
	);
}

function Row({
	cluster: { id, name, verdict, budget, scenario, free },
}: {
	readonly cluster: ListedCluster;
}) {
	return (
		<tr>
			<th scope="row">
				<a href={hashOf({ view: "cluster", id })}>{name}</a>
			</th>
			<td>
				<VerdictMark verdict={verdict} />
			</td>
			<td>
				{free === null || scenario === null || budget === null
					? "could not be evaluated"
					: `${freeText(free, budget.unit)} ${scenarioText[scenario]}`}
			</td>
			<td>{budget !== null && <BudgetLink budget={budget} cluster={id} />}</td>
		</tr>
	);
}
