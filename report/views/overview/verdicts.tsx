import { severities, type Verdict } from "../../../shared/contract.ts";
import { worstFirst } from "../../../shared/model/verdictOrder.ts";
import { grouped } from "../../../shared/text.ts";
import type { Overview } from "../../data/answers.ts";
import { SeverityMark } from "../../parts/verdict.tsx";
import { findingsHash, hashOf } from "../../route.ts";

const meanings: Readonly<Record<Verdict, string>> = {
	short:
		"Not enough even at best: now, for an upgrade, at autoscaler max, or for an upgrade then.",
	tight: "Enough or not: the finding says what decides.",
	unknown: "Data is missing. Nobody can tell.",
	fits: "Enough even at worst, in all four scenarios.",
};

/** How many clusters come out as what, and how many findings are open, each with its list. */
export function Verdicts({ overview }: { readonly overview: Overview }) {
	const { clusters } = overview.verdicts;
	const { findings, accepted } = overview.audit;
	const later = clusters.short - overview.shortClusters;
	return (
		<section aria-label="Clusters and findings by how bad they are">
			<ul class="tiles">
				{worstFirst.map((verdict) => (
					<li>
						<a
							class={`tile ${verdict}`}
							href={hashOf({ view: "clusters", verdict: [verdict] })}
						>
							<strong>{grouped(clusters[verdict])}</strong>
							<span>{verdict}</span>
						</a>
					</li>
				))}
			</ul>
			{later > 0 && (
				<p class="noun later">
					{grouped(later)} of the short ones {later === 1 ? "is" : "are"}{" "}
					accepted, or short only for an upgrade at autoscaler max.
				</p>
			)}
			<details class="causes">
				<summary>What these words mean</summary>
				<dl class="facts">
					{worstFirst.map((verdict) => (
						<>
							<dt>{verdict}</dt>
							<dd>{meanings[verdict]}</dd>
						</>
					))}
				</dl>
			</details>
			<ul class="severities">
				{severities.map((severity) => (
					<li>
						<a href={findingsHash({ severity: [severity] })}>
							{grouped(findings[severity])} <SeverityMark severity={severity} />
						</a>
					</li>
				))}
				{accepted > 0 && (
					<li>
						<a href={findingsHash({ accepted: true })}>
							{grouped(accepted)} accepted
						</a>
					</li>
				)}
			</ul>
		</section>
	);
}
