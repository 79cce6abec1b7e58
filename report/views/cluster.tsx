import { lastName } from "../../shared/arm.ts";
import { hashOf } from "../route.ts";

export function ClusterView({ id }: { readonly id: string }) {
	return (
		<>
			<h1>Cluster {lastName(id)}</h1>
			<p>
				<a href={hashOf({ view: "overview" })}>Back to the overview</a>
			</p>
		</>
	);
}
