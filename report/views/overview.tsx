import { grouped, plural } from "../../shared/text.ts";
import { useLoaded } from "../context.ts";
import type { Overview } from "../data/answers.ts";
import { Reading } from "../parts/loading.tsx";
import { Changes } from "./overview/changes.tsx";
import { Coverage } from "./overview/coverage.tsx";
import { Fullest } from "./overview/fullest.tsx";
import { Reclaimable } from "./overview/reclaimable.tsx";
import { Verdicts } from "./overview/verdicts.tsx";

export function OverviewView() {
	const overview = useLoaded("overview", (data) => data.overview());
	return (
		<Reading of={overview} missing={(reason) => <NoAudit reason={reason} />}>
			{(value) => <Content overview={value} />}
		</Reading>
	);
}

/** Nothing was looked at: this must not look like a fleet without findings. */
function NoAudit({ reason }: { readonly reason: string }) {
	return (
		<section class="empty">
			<h1>No audit yet</h1>
			<p>{reason}</p>
			<p>
				Nothing is known about the clusters until an audit ends. The schedule
				starts one, or POST /api/audits does.
			</p>
		</section>
	);
}

function Content({ overview }: { readonly overview: Overview }) {
	const { fullest, audit } = overview;
	return (
		<>
			<h1>{headline(overview)}</h1>
			<Coverage overview={overview} />
			<Verdicts overview={overview} />
			<section class="panel" aria-labelledby="fullest">
				<h2 id="fullest">What fills up first</h2>
				<Fullest budgets={fullest} from={audit.startedAt} />
			</section>
			<div class="columns">
				<Reclaimable overview={overview} />
				<Changes overview={overview} />
			</div>
		</>
	);
}

/** "10 of 33 AKS clusters are short". What a partial audit did not read may be short too. */
function headline({ audit, shortClusters, verdicts }: Overview): string {
	const isPartial = audit.state === "partial";
	const all = plural(audit.coverage.clusters, "AKS cluster");
	// Who accepts that a cluster is short does not make it fit.
	const aside = audit.accepted > 0 ? ", accepted findings aside" : "";
	if (shortClusters === 0)
		return isPartial || verdicts.clusters.unknown > 0
			? `None of ${all} is known to be short${aside}`
			: `None of ${all} is short${aside}`;
	const verb = shortClusters === 1 ? "is" : "are";
	const least = isPartial ? "At least " : "";
	return `${least}${grouped(shortClusters)} of ${all} ${verb} short`;
}
