import { useLoaded } from "../context.ts";
import { Reading } from "../parts/loading.tsx";
import { SeverityMark } from "../parts/verdict.tsx";
import { findingsHash } from "../route.ts";
import { FindingBody } from "./findings/findingBody.tsx";

/** One finding alone: where a card's link leads. */
export function FindingView({ id }: { readonly id: string }) {
	const finding = useLoaded(`finding ${id}`, (data) => data.finding(id));
	return (
		<>
			<p class="back">
				<a href={findingsHash({})}>All findings</a>
			</p>
			<Reading
				of={finding}
				missing={(reason) => (
					<>
						<h1>No such finding</h1>
						<p>{reason}</p>
					</>
				)}
			>
				{(value) => (
					<article class="alone body">
						<p>
							<SeverityMark severity={value.severity} /> {value.state}
						</p>
						<h1>{value.headline}</h1>
						<FindingBody finding={value} level={2} />
					</article>
				)}
			</Reading>
		</>
	);
}
