import type {
	Preflight,
	PreflightCheck,
	Verdict,
} from "../../shared/contract.ts";
import { amount } from "../../shared/model/amountText.ts";
import type { Unit } from "../../shared/model/budgetKinds.ts";
import { words } from "../../shared/model/range.ts";

export const preflightAnswers: Readonly<Record<Verdict, string>> = {
	fits: "Azure accepts it",
	tight: "Azure may refuse it",
	short: "Azure refuses it",
	unknown: "not known whether Azure accepts it",
};

/** Azure's own check, in the two numbers of its message. */
export function PreflightText({
	azure,
	unit,
}: {
	readonly azure: Preflight;
	readonly unit: Unit;
}) {
	return (
		<>
			Any change: {checkText(azure.change, unit)}. Upgrade:{" "}
			{checkText(azure.upgrade, unit)}.
		</>
	);
}

export function checkText(
	{ verdict, requested, available }: PreflightCheck,
	unit: Unit,
): string {
	// Azure checks blocks in IPs.
	const checked = unit === "blocks" ? "addresses" : unit;
	return `${preflightAnswers[verdict]} (${amount(requested, checked)} requested, ${words(available)} available)`;
}
