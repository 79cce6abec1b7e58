import { useLoaded } from "../context.ts";
import { Reading } from "../parts/loading.tsx";
import { SeverityMark } from "../parts/verdict.tsx";
import { type FindingsFilter, hashOf } from "../route.ts";

export function FindingsView({ filter }: { readonly filter: FindingsFilter }) {
	const findings = useLoaded(`findings ${filter.state}`, (data) =>
		data.findings(filter.state),
	);
	return (
		<>
			<h1>Findings</h1>
			<Reading of={findings}>
				{(list) => (
					<ol>
						{list.map(({ id, severity, headline }) => (
							<li key={id}>
								<SeverityMark severity={severity} />{" "}
								<a href={hashOf({ view: "finding", id })}>{headline}</a>
							</li>
						))}
					</ol>
				)}
			</Reading>
		</>
	);
}
