import { useState } from "preact/hooks";
import { useLoaded } from "../../context.ts";
import type { ListedFinding } from "../../data/answers.ts";
import { Reading } from "../../parts/loading.tsx";
import { SeverityMark } from "../../parts/verdict.tsx";
import { dayText } from "../../words.ts";
import { FindingBody } from "./findingBody.tsx";

/** A finding in one line. Its sums and remedies are read when somebody opens it. */
export function FindingLine({
	finding,
	level,
}: {
	readonly finding: ListedFinding;
	readonly level: 2 | 3;
}) {
	const [isOpen, setOpen] = useState(false);
	const { id, severity, headline, clusterName, acceptance, firstSeen } =
		finding;
	const Headline = level === 2 ? "h2" : "h3";
	return (
		<details
			class="finding"
			onToggle={(event) => setOpen(event.currentTarget.open)}
		>
			<summary>
				<SeverityMark severity={severity} />
				<Headline class="headline">{headline}</Headline>
				<span class="where">
					{clusterName}
					{acceptance !== null && <span class="accepted">accepted</span>}
				</span>
				<span class="since">since {dayText(firstSeen)}</span>
			</summary>
			{isOpen && <Opened id={id} level={level} />}
		</details>
	);
}

function Opened({ id, level }: { readonly id: string; readonly level: 2 | 3 }) {
	const finding = useLoaded(`finding ${id}`, (data) => data.finding(id));
	return (
		<div class="body">
			<Reading of={finding}>
				{(value) => (
					<FindingBody finding={value} level={level === 2 ? 3 : 4} isListed />
				)}
			</Reading>
		</div>
	);
}
