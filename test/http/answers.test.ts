import type * as v from "valibot";
import { expectTypeOf, it } from "vitest";
import type { ExportedReport } from "../../report/data/exported.ts";
import type { budgetsPage as pageOfBudgets } from "../../shared/audit/budgetsPage.ts";
import type { Capacity } from "../../shared/audit/capacity.ts";
import type { clustersPage as pageOfClusters } from "../../shared/audit/clustersPage.ts";
import type { historyOf } from "../../shared/audit/history.ts";
import type { NetworkMap } from "../../shared/audit/networkMap.ts";
import type { FleetOverview } from "../../shared/audit/overview.ts";
import type { ReportData } from "../../shared/audit/reportFile.ts";
import type {
	Acceptance,
	Audit,
	Finding,
	FindingLine,
	GivenAcceptance,
	WithdrawnAcceptance,
} from "../../shared/contract.ts";
import type { Terms } from "../../shared/findings/acceptance.ts";
import type { Health } from "../../shared/health.ts";
import type {
	acceptance,
	acceptanceBody,
	acceptancesList,
} from "../../shared/http/answers/acceptances.ts";
import type { audit, auditsPage } from "../../shared/http/answers/audit.ts";
import type { budgetsPage } from "../../shared/http/answers/budgets.ts";
import type { capacity } from "../../shared/http/answers/capacity.ts";
import type { clustersPage } from "../../shared/http/answers/clusters.ts";
import type {
	finding,
	findingLines,
	findingsPage,
} from "../../shared/http/answers/finding.ts";
import type { health } from "../../shared/http/answers/health.ts";
import type { history } from "../../shared/http/answers/history.ts";
import type { network } from "../../shared/http/answers/networks.ts";
import type { overview } from "../../shared/http/answers/overview.ts";

/** What passes a schema, with everything in it read-only as the contract has it. */
type Answer<S extends v.GenericSchema> = ReadonlyDeep<v.InferOutput<S>>;

type ReadonlyDeep<T> = T extends object
	? { readonly [K in keyof T]: ReadonlyDeep<T[K]> }
	: T;

/* The compiler runs these: a field more or less than the type has does not compile. */

it("the schemas are those of the contract's types", () => {
	expectTypeOf<Answer<typeof finding>>().toEqualTypeOf<ReadonlyDeep<Finding>>();
	expectTypeOf<Answer<typeof network>>().toEqualTypeOf<
		ReadonlyDeep<NetworkMap>
	>();
	expectTypeOf<Answer<typeof audit>>().toEqualTypeOf<ReadonlyDeep<Audit>>();
	expectTypeOf<Answer<typeof acceptance>>().toEqualTypeOf<
		ReadonlyDeep<Acceptance>
	>();
	expectTypeOf<Answer<typeof acceptancesList>>().toEqualTypeOf<
		ReadonlyDeep<{
			acceptances: (Pick<GivenAcceptance, keyof GivenAcceptance> & {
				etag: string;
			})[];
			withdrawn: Pick<WithdrawnAcceptance, keyof WithdrawnAcceptance>[];
		}>
	>();
	expectTypeOf<Answer<typeof acceptanceBody>>().toEqualTypeOf<
		ReadonlyDeep<Pick<Terms, keyof Terms>>
	>();
	expectTypeOf<Answer<typeof capacity>>().toEqualTypeOf<
		ReadonlyDeep<Capacity>
	>();
	expectTypeOf<Answer<typeof history>>().toEqualTypeOf<
		ReadonlyDeep<NonNullable<Awaited<ReturnType<typeof historyOf>>>>
	>();
	expectTypeOf<Answer<typeof health>>().toEqualTypeOf<ReadonlyDeep<Health>>();
	expectTypeOf<Answer<typeof findingsPage>>().toEqualTypeOf<
		ReadonlyDeep<{ findings: Finding[]; continuation: string | null }>
	>();
	expectTypeOf<Answer<typeof overview>>().toEqualTypeOf<
		ReadonlyDeep<FleetOverview>
	>();
	expectTypeOf<Answer<typeof clustersPage>>().toEqualTypeOf<
		ReadonlyDeep<Awaited<ReturnType<typeof pageOfClusters>>>
	>();
	expectTypeOf<Answer<typeof findingLines>>().toEqualTypeOf<
		ReadonlyDeep<{ findings: FindingLine[] }>
	>();
	expectTypeOf<Answer<typeof budgetsPage>>().toEqualTypeOf<
		ReadonlyDeep<Awaited<ReturnType<typeof pageOfBudgets>>>
	>();
	expectTypeOf<Answer<typeof auditsPage>>().toEqualTypeOf<
		ReadonlyDeep<{ audits: Audit[]; continuation: string | null }>
	>();
});

it("what the file of the report has is what its page reads", () => {
	expectTypeOf<ReadonlyDeep<ReportData>>().toExtend<
		ReadonlyDeep<ExportedReport>
	>();
});
