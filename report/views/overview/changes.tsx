import { changeText } from "../../../shared/alert/cardText.ts";
import { type ChangeCounts, changeKinds } from "../../../shared/contract.ts";
import { grouped } from "../../../shared/text.ts";
import type { Overview } from "../../data/answers.ts";
import { Scroll } from "../../parts/scroll.tsx";
import { dayText } from "../../words.ts";

/** What the last audit changed, and the weeks before. */
export function Changes({ overview }: { readonly overview: Overview }) {
	const { audit, weeks } = overview;
	return (
		<section class="panel" aria-labelledby="changes">
			<h2 id="changes">What changed</h2>
			<Scroll of="Changes by week">
				<table>
					<thead>
						<tr>
							<th scope="col">Findings</th>
							{changeKinds.map((kind) => (
								<th scope="col" class="number">
									{changeText[kind]}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						<Row name="last audit" changes={audit.changes} />
						{weeks.map(({ from, to, audits, changes }) =>
							audits === 0 ? (
								<tr key={from}>
									<th scope="row">{weekText(from, to)}</th>
									<td colSpan={changeKinds.length} class="noun">
										no audit
									</td>
								</tr>
							) : (
								<Row key={from} name={weekText(from, to)} changes={changes} />
							),
						)}
					</tbody>
				</table>
			</Scroll>
		</section>
	);
}

function Row({
	name,
	changes,
}: {
	readonly name: string;
	readonly changes: ChangeCounts;
}) {
	return (
		<tr>
			<th scope="row">{name}</th>
			{changeKinds.map((kind) => (
				<td class={changes[kind] === 0 ? "number none" : "number"}>
					{grouped(changes[kind])}
				</td>
			))}
		</tr>
	);
}

/** "21 to 28 Nov", "31 Oct to 7 Nov". */
function weekText(from: string, to: string): string {
	const [first, last] = [dayText(from), dayText(to)];
	const month = (day: string) => day.slice(day.indexOf(" "));
	return month(first) === month(last)
		? `${first.slice(0, first.indexOf(" "))} to ${last}`
		: `${first} to ${last}`;
}
