import { grouped, plural } from "../../shared/text.ts";
import type { Audit } from "../data/answers.ts";
import type { Viewer } from "../data/reportData.ts";
import { timeText } from "../words.ts";

/** What is true of the whole report: an audit that runs, one that failed, a file that somebody saved. */
export function Notices({
	audits,
	viewer,
}: {
	readonly audits: readonly Audit[];
	readonly viewer: Viewer;
}) {
	const running = audits.find(({ state }) => state === "running");
	// Who asked for some clusters reads that audit itself. The report is about the fleet.
	const newest = audits.find(
		({ scope, state }) =>
			scope === null && !["queued", "running", "merged"].includes(state),
	);
	return (
		<div class="notices" role="status">
			{viewer.door === "file" && (
				<p class="notice">
					Saved {timeText(viewer.madeAt)}. This file does not change.{" "}
					{viewer.leftOut.join(" ")}
				</p>
			)}
			{running && <Running audit={running} />}
			{newest?.state === "failed" && <Failed audit={newest} />}
		</div>
	);
}

function Running({ audit }: { readonly audit: Audit }) {
	const { clusters, evaluated } = audit.progress;
	return (
		<p class="notice">
			An audit {audit.scope && "of some clusters "}is running:{" "}
			{grouped(evaluated)} of {plural(clusters, "cluster")} evaluated.{" "}
			<progress
				aria-label="Progress of the audit"
				max={Math.max(1, clusters)}
				value={evaluated}
			/>
		</p>
	);
}

/** A failed audit checked nothing. What the report shows is older than it. */
function Failed({ audit }: { readonly audit: Audit }) {
	const { coverage, finishedAt, startedAt } = audit;
	return (
		<div class="notice failed">
			<strong>
				The newest audit failed ({timeText(finishedAt ?? startedAt)}). No
				cluster was checked. This is not an all-clear.
			</strong>
			<ul>
				{coverage.gaps.map(({ reason }) => (
					<li>{reason}</li>
				))}
			</ul>
			<p>The report shows the last audit before it.</p>
		</div>
	);
}
