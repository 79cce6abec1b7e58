import { grouped, plural } from "../../../shared/text.ts";
import type { Overview } from "../../data/answers.ts";
import { findingsHash } from "../../route.ts";

/** IPs that somebody could use otherwise. */
export function Reclaimable({ overview }: { readonly overview: Overview }) {
	const { oversizedSubnets, leftoverInterfaces } = overview.reclaimable;
	const all = oversizedSubnets.addresses + leftoverInterfaces.addresses;
	return (
		<section aria-labelledby="reclaimable">
			<h2 id="reclaimable">IPs that could be won back</h2>
			<p class="figure">{grouped(all)} IPs</p>
			<ul>
				{oversizedSubnets.subnets > 0 && (
					<li>
						<a href={findingsHash({ rule: "oversized-subnet" })}>
							{plural(oversizedSubnets.subnets, "oversized subnet")}
						</a>
						: {grouped(oversizedSubnets.addresses)} IPs, when they are built
						anew
					</li>
				)}
				{leftoverInterfaces.subnets > 0 && (
					<li>
						Network interfaces without a machine in{" "}
						{plural(leftoverInterfaces.subnets, "subnet")}:{" "}
						{grouped(leftoverInterfaces.addresses)} IPs
					</li>
				)}
			</ul>
		</section>
	);
}
