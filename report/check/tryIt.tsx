import type { RemedyChange } from "../../shared/contract.ts";
import { Answered } from "./checked.tsx";
import { useCheck } from "./useCheck.ts";

/** Asks what a remedy would lead to now. Nothing in a file: it has nobody to ask. */
export function TryIt({ change }: { readonly change: RemedyChange }) {
	const check = useCheck();
	if (check === null) return null;
	const { asked, ask } = check;
	return (
		<div class="try">
			<button
				type="button"
				class="button"
				disabled={asked.state === "asking"}
				onClick={() =>
					ask({
						resources: change.resources.map((one) => ({ ...one })),
						replacements: change.replacements.map((one) => ({ ...one })),
					})
				}
			>
				Try it
			</button>{" "}
			<span class="noun">It changes nothing.</span>
			<Answered asked={asked} />
		</div>
	);
}
