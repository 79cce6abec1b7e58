import { grouped, plural } from "../../../shared/text.ts";
import type { Overview } from "../../data/answers.ts";
import { findingsHash } from "../../route.ts";
import { agoText, timeText } from "../../words.ts";

/** What the audit saw and when. A gap must not look like a whole audit. */
export function Coverage({ overview }: { readonly overview: Overview }) {
	const { audit, ageHours, isLate } = overview;
	const { coverage, startedAt, state } = audit;
	const { expected, answered } = coverage.subscriptions;
	const { gaps, notEvaluated } = coverage;
	return (
		<section class="coverage" aria-label="What the audit saw">
			<p>
				<span class={`state ${state}`}>
					{state === "partial" ? "Partial audit" : "Complete audit"}
				</span>{" "}
				of {timeText(startedAt)},{" "}
				{isLate === true ? (
					<strong class="state late">{agoText(ageHours)}: late</strong>
				) : (
					agoText(ageHours)
				)}{" "}
				· {grouped(answered)} of {plural(expected, "subscription")} answered ·{" "}
				{notEvaluated === 0 ? (
					"every cluster evaluated"
				) : (
					<a href={findingsHash({ rule: "not-evaluated", group: "cluster" })}>
						{plural(notEvaluated, "cluster")} not evaluated
					</a>
				)}
			</p>
			{isLate === true && (
				<p class="notice late">
					The next audit should have ended by now. The fleet may look different
					today.
				</p>
			)}
			{overview.notEvaluated.length > 0 && (
				<details class="causes">
					<summary>Why clusters were not evaluated</summary>
					<ul>
						{overview.notEvaluated.map(({ reason, clusters }) => (
							<li key={reason}>
								<strong>{plural(clusters, "cluster")}</strong>: {reason}
							</li>
						))}
					</ul>
				</details>
			)}
			{gaps.length > 0 && (
				<details class="notice partial" open={gaps.length <= 3}>
					<summary>
						{plural(gaps.length, "gap")}: what was not read is not checked
					</summary>
					<ul>
						{gaps.map(({ scope, reason }) => (
							<li>
								<strong>{scope}</strong> · {reason}
							</li>
						))}
					</ul>
				</details>
			)}
		</section>
	);
}
