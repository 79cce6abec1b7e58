import { lastName } from "../../shared/arm.ts";
import { hashOf } from "../route.ts";

export function SubnetView({ id }: { readonly id: string }) {
	return (
		<>
			<h1>Subnet {lastName(id)}</h1>
			<p>
				<a href={hashOf({ view: "overview" })}>Back to the overview</a>
			</p>
		</>
	);
}
