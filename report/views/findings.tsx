import { useState } from "preact/hooks";
import { plural } from "../../shared/text.ts";
import { useLoaded } from "../context.ts";
import type { ListedFinding } from "../data/answers.ts";
import { BudgetLink } from "../parts/budgetName.tsx";
import { Reading } from "../parts/loading.tsx";
import { type FindingsFilter, hashOf } from "../route.ts";
import { filtered, type Group, grouped } from "./findings/filterList.ts";
import { Filters } from "./findings/filters.tsx";
import { FindingLine } from "./findings/findingLine.tsx";

export function FindingsView({ filter }: { readonly filter: FindingsFilter }) {
	const { state } = filter;
	const findings = useLoaded(`findings ${state}`, (data) =>
		data.findings(state),
	);
	return (
		<>
			<h1>{state === "open" ? "Open findings" : "Resolved findings"}</h1>
			<Reading of={findings}>
				{(all) => (
					<>
						<Filters filter={filter} findings={all} />
						<List key={JSON.stringify(filter)} all={all} filter={filter} />
					</>
				)}
			</Reading>
		</>
	);
}

/** Lines, or groups, that are shown at first, and with each further step. */
const step = 50;

function List({
	all,
	filter,
}: {
	readonly all: readonly ListedFinding[];
	readonly filter: FindingsFilter;
}) {
	const [most, setMost] = useState(step);
	const findings = filtered(all, filter);
	const groups =
		filter.group === "none" ? null : grouped(findings, filter.group);
	const entries = groups ?? findings;
	return (
		<>
			<p class="quiet count" role="status">
				{countText(all.length, findings.length, filter)}
			</p>
			{groups === null ? (
				<Lines findings={findings.slice(0, most)} level={2} />
			) : (
				groups
					.slice(0, most)
					.map((group) => (
						<GroupSection key={group.id} group={group} by={filter.group} />
					))
			)}
			{entries.length > most && (
				<button
					type="button"
					class="button"
					onClick={() => setMost(most + step)}
				>
					Show {Math.min(step, entries.length - most)} more
				</button>
			)}
		</>
	);
}

/** An empty list says why it is empty. */
function countText(
	all: number,
	shown: number,
	{ state }: FindingsFilter,
): string {
	if (all === 0) return `No ${state} findings.`;
	if (shown === 0) return "No finding matches the filters.";
	return shown === all
		? plural(all, "finding")
		: `${plural(shown, "finding")} of ${all}`;
}

function GroupSection({
	group: { id, findings },
	by,
}: {
	readonly group: Group;
	readonly by: FindingsFilter["group"];
}) {
	const [{ budget, cluster, clusterName }] = findings;
	return (
		<section class="group">
			<h2>
				{by === "budget" && budget !== null ? (
					<BudgetLink budget={budget} cluster={cluster} />
				) : (
					<>
						<span class="noun">cluster</span>{" "}
						<a href={hashOf({ view: "cluster", id: cluster })}>{clusterName}</a>
					</>
				)}{" "}
				<span class="noun">{plural(findings.length, "finding")}</span>
			</h2>
			<Lines key={id} findings={findings} level={3} />
		</section>
	);
}

function Lines({
	findings,
	level,
}: {
	readonly findings: readonly ListedFinding[];
	readonly level: 2 | 3;
}) {
	return (
		<ol class="findings">
			{findings.map((finding) => (
				<li key={finding.id}>
					<FindingLine finding={finding} level={level} />
				</li>
			))}
		</ol>
	);
}
