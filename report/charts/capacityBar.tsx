import { scaleLinear } from "d3-scale";
import { unitText } from "../../shared/model/amountText.ts";
import type { Unit } from "../../shared/model/budgetKinds.ts";
import { grouped } from "../../shared/text.ts";
import { type Bar, type PartKind, totalOf } from "./bar.ts";

export const partTexts: Readonly<Record<PartKind, string>> = {
	nodes: "AKS nodes now",
	neighbors: "neighbors now",
	other: "other resources",
	growth: "growth to autoscaler max",
	surge: "upgrade surge",
};

/** A bar of a capacity in parts. What does not fit is hatched, behind the line that marks the capacity. */
export function CapacityBar({
	bar,
	unit,
}: {
	readonly bar: Bar;
	readonly unit: Unit;
}) {
	const { parts, capacity } = bar;
	const total = totalOf(parts);
	const most = Math.max(total, capacity ?? 0, 1);
	const place = scaleLinear([0, most], [0, 100]);
	const percent = (amount: number) => `${place(amount).toFixed(2)}%`;
	let before = 0;
	return (
		<svg
			class="capacity-bar"
			role="img"
			aria-label={barText(bar, unit)}
			height="18"
			width="100%"
		>
			{capacity !== null && (
				<rect class="part free" width={percent(capacity)} height="100%" />
			)}
			{parts.map(({ kind, amount }) => {
				const from = before;
				before += amount;
				return (
					<rect
						class={`part ${kind}`}
						x={percent(from)}
						width={percent(amount)}
						height="100%"
					>
						<title>{`${partTexts[kind]}: ${amountText(amount, unit)}`}</title>
					</rect>
				);
			})}
			{capacity !== null && total > capacity && (
				<rect
					class="part missing"
					x={percent(capacity)}
					width={percent(total - capacity)}
					height="100%"
					fill="url(#hatch)"
				>
					<title>{`missing: ${amountText(total - capacity, unit)}`}</title>
				</rect>
			)}
			{capacity !== null && total > capacity && (
				<line
					class="capacity"
					x1={percent(capacity)}
					x2={percent(capacity)}
					y1="0"
					y2="100%"
				/>
			)}
		</svg>
	);
}

/** The pattern of what is missing, once a page. */
export function Hatch() {
	return (
		<svg class="hatch" width="0" height="0" aria-hidden="true">
			<pattern
				id="hatch"
				width="6"
				height="6"
				patternUnits="userSpaceOnUse"
				patternTransform="rotate(45)"
			>
				<rect class="ground" width="6" height="6" />
				<rect class="stripe" width="3" height="6" />
			</pattern>
		</svg>
	);
}

export function BarLegend({ kinds }: { readonly kinds: readonly PartKind[] }) {
	return (
		<ul class="legend" aria-label="Colors of the bars">
			{kinds.map((kind) => (
				<li>
					<Key kind={kind} /> {partTexts[kind]}
				</li>
			))}
			<li>
				<Key kind="free" /> free
			</li>
			<li>
				<Key kind="missing" /> missing
			</li>
		</ul>
	);
}

function Key({ kind }: { readonly kind: PartKind | "free" | "missing" }) {
	return (
		<svg class="key" width="12" height="12" aria-hidden="true">
			<rect
				class={`part ${kind}`}
				width="12"
				height="12"
				{...(kind === "missing" && { fill: "url(#hatch)" })}
			/>
		</svg>
	);
}

/** The bar for who cannot see it. */
function barText({ parts, capacity, isOpen }: Bar, unit: Unit): string {
	const total = totalOf(parts);
	const rest = capacity === null ? null : capacity - total;
	return [
		capacity === null
			? "Capacity not known"
			: `Capacity ${amountText(capacity, unit)}`,
		...parts.map(({ kind, amount }) => `${partTexts[kind]} ${grouped(amount)}`),
		...(isOpen ? ["more is possible"] : []),
		...(rest === null
			? []
			: [rest < 0 ? `missing ${grouped(-rest)}` : `free ${grouped(rest)}`]),
	].join(", ");
}

function amountText(amount: number, unit: Unit): string {
	return `${grouped(amount)} ${unitText(unit)}`;
}
