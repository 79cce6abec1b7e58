import type { Severity, Verdict } from "../../shared/contract.ts";

/** A verdict in its word and its colour. */
export function VerdictMark({ verdict }: { readonly verdict: Verdict }) {
	return <span class={`mark ${verdict}`}>{verdict}</span>;
}

export function SeverityMark({ severity }: { readonly severity: Severity }) {
	return <span class={`mark severity ${severity}`}>{severity}</span>;
}
