import { useLoaded } from "../context.ts";
import { Reading } from "../parts/loading.tsx";
import { findingsHash } from "../route.ts";

export function FindingView({ id }: { readonly id: string }) {
	const finding = useLoaded(`finding ${id}`, (data) => data.finding(id));
	return (
		<>
			<p>
				<a href={findingsHash({})}>All findings</a>
			</p>
			<Reading of={finding}>{({ headline }) => <h1>{headline}</h1>}</Reading>
		</>
	);
}
