import { useState } from "preact/hooks";
import { useReport } from "../context.ts";
import type { CheckAnswer, CheckBody } from "../data/answers.ts";

export type Asked =
	| { readonly state: "nothing" }
	| { readonly state: "asking" }
	| { readonly state: "failed"; readonly reason: string }
	| { readonly state: "answered"; readonly answer: CheckAnswer };

/** Asks the auditor whether a change fits. Null where there is nobody to ask. */
export function useCheck(): {
	readonly asked: Asked;
	readonly ask: (body: CheckBody) => void;
} | null {
	const { check } = useReport().data;
	const [asked, setAsked] = useState<Asked>({ state: "nothing" });
	if (check === null) return null;
	return {
		asked,
		ask: (body) => {
			setAsked({ state: "asking" });
			check(body).then(
				(answer) => setAsked({ state: "answered", answer }),
				(error: unknown) =>
					setAsked({
						state: "failed",
						reason: error instanceof Error ? error.message : String(error),
					}),
			);
		},
	};
}
