import junit from "junit-report-builder";
import type { GateResult } from "../result.ts";

// Its types say that the builder is in `default`. In truth the module is the builder.
const builder = junit as unknown as typeof junit.default;

/** A test case for each cluster and budget, as `PublishTestResults@2` and others read it. */
export function asJunit(result: GateResult): string {
	const report = builder.newBuilder();
	const suite = report.testSuite().name(result.subject);
	for (const { thing, before, after, clusters, budget } of result.rows)
		for (const cluster of clusters) {
			const own = cluster.budgets.find(
				({ id, kind }) => id === budget.id && kind === budget.kind,
			);
			const one = suite.testCase().className(cluster.clusterName).name(thing);
			const text = `${thing}: ${after} (before: ${before})`;
			if (own?.verdict === "short" || own?.verdict === "tight")
				one.failure(text, own.verdict);
			else if (own?.verdict === "unknown") one.error(text, "unknown");
		}
	for (const text of result.unknown)
		suite.testCase().className("change").name(text).error(text, "unknown");
	if (result.rows.length === 0 && result.unknown.length === 0)
		suite.testCase().className("change").name(result.headline);
	return report.build();
}
