import type { Verdict } from "../../shared/contract.ts";

export function ClustersView(_: { readonly verdict: readonly Verdict[] }) {
	return <h1>Clusters</h1>;
}
