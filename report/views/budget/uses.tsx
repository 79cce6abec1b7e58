import { lastName } from "../../../shared/arm.ts";
import type { Range } from "../../../shared/contract.ts";
import { words } from "../../../shared/model/range.ts";
import { grouped } from "../../../shared/text.ts";
import type { BudgetLedger } from "../../data/answers.ts";
import { Scroll } from "../../parts/scroll.tsx";
import { hashOf } from "../../route.ts";

/** Who uses a budget: each pool now and at autoscaler max, and how many nodes it can still add. */
export function Uses({
	budget,
	cluster,
	isWhole,
}: {
	readonly budget: BudgetLedger;
	/** The cluster of the page: its pools are told without its name. Null: all are named. */
	readonly cluster: string | null;
	/** All clusters at their maximum, and none of them in the middle. */
	readonly isWhole: boolean;
}) {
	const { today, full } = budget.scenarios;
	const key = (one: { cluster: string; pool: string | null }) =>
		`${one.cluster}\n${one.pool ?? ""}`;
	const atMax = new Map(full.entries.map((one) => [key(one), one]));
	const rows = full.entries.length >= today.entries.length ? full : today;
	const now = new Map(today.entries.map((one) => [key(one), one]));
	if (rows.entries.length === 0) return null;
	return (
		<Scroll of="Who uses it">
			<table class="uses">
				<caption>Who uses it</caption>
				<thead>
					<tr>
						<th scope="col">Pool</th>
						<th scope="col" class="number">
							Nodes now
						</th>
						<th scope="col" class="number">
							Uses now
						</th>
						<th scope="col" class="number">
							Nodes at autoscaler max
						</th>
						<th scope="col" class="number">
							Needs then
						</th>
						{!isWhole && (
							<th scope="col" class="number">
								Can add now
							</th>
						)}
					</tr>
				</thead>
				<tbody>
					{rows.entries.map((one) => {
						const present = now.get(key(one));
						const later = atMax.get(key(one));
						const room =
							one.pool === null || one.cluster !== (cluster ?? one.cluster)
								? undefined
								: today.additionalNodes[one.pool];
						return (
							<tr key={key(one)}>
								<th scope="row">
									{one.cluster !== cluster && (
										<>
											<a href={hashOf({ view: "cluster", id: one.cluster })}>
												{lastName(one.cluster)}
											</a>
											{one.pool === null ? "" : " / "}
										</>
									)}
									{one.pool}
								</th>
								<Amount of={present?.nodes} />
								<Amount of={present?.demand} />
								{isWhole && later !== undefined ? (
									<AtMax nodes={later.nodes} demand={later.demand} />
								) : (
									<>
										<Amount of={later?.nodes} />
										<Amount of={later?.demand} />
									</>
								)}
								{!isWhole && <Amount of={room} />}
							</tr>
						);
					})}
				</tbody>
			</table>
		</Scroll>
	);
}

function Amount({ of }: { readonly of: Range | undefined }) {
	return <td class="number">{of === undefined ? "" : words(of)}</td>;
}

/** A neighbor's nodes are known as a range from now to its maximum: here it is at its maximum. */
function AtMax({
	nodes,
	demand,
}: {
	readonly nodes: Range;
	readonly demand: Range;
}) {
	const { high } = nodes;
	if (high === null || demand.high === null || nodes.low === high)
		return (
			<>
				<Amount of={nodes} />
				<Amount of={demand} />
			</>
		);
	return (
		<>
			<Amount of={{ low: high, high }} />
			<td class="number">up to {grouped(demand.high)}</td>
		</>
	);
}
