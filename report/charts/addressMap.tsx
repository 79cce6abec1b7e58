import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { bounds } from "../../shared/cidr.ts";
import type { Range, Verdict } from "../../shared/contract.ts";
import { words } from "../../shared/model/range.ts";
import { grouped, plural, shorten } from "../../shared/text.ts";
import {
	type AddressRow,
	addressRow,
	addressText,
	type Cell,
	type Item,
	lengthOf,
	rowCount,
} from "./addressRows.ts";
import { useWidth } from "./width.ts";

/** What is in a range of the space. */
export type AddressItem = Item &
	(
		| {
				readonly kind: "subnet";
				readonly name: string;
				readonly href: string | null;
				/** Null: not known. */
				readonly used: Range | null;
				readonly capacity: number;
				/** Null: AKS does not use it. */
				readonly verdict: Verdict | null;
		  }
		| { readonly kind: "free" | "closed" | "proposed" }
	);

const height = 34;
/** Of a character of the names, in pixels. */
const character = 7;
/** More rows than these are folded at first. */
const mostOpen = 24;

/** An address space to scale: each prefix as a row, and what is too small in it as rows below. */
export function AddressMap({
	prefixes,
	items,
}: {
	/** IPv4. */
	readonly prefixes: readonly string[];
	readonly items: readonly AddressItem[];
}) {
	const frame = useRef<HTMLDivElement>(null);
	const width = useWidth(frame);
	const rows = prefixes.map((prefix) => addressRow(prefix, items));
	const isOpen = rows.reduce((sum, row) => sum + rowCount(row), 0) <= mostOpen;
	return (
		<div class="address-map" ref={frame}>
			<NotKnownHatch />
			{width !== null &&
				width > 0 &&
				rows.map((row) => (
					<Row key={row.block} row={row} width={width} isOpen={isOpen} />
				))}
		</div>
	);
}

/** The pattern of what is not known, and of where no subnet should go. */
function NotKnownHatch() {
	return (
		<svg class="hatch" width="0" height="0" aria-hidden="true">
			<pattern
				id="unknown-hatch"
				width="7"
				height="7"
				patternUnits="userSpaceOnUse"
				patternTransform="rotate(45)"
			>
				<rect class="not-known-stripe" width="2" height="7" />
			</pattern>
		</svg>
	);
}

function Row({
	row,
	width,
	isOpen,
}: {
	readonly row: AddressRow<AddressItem>;
	readonly width: number;
	readonly isOpen: boolean;
}) {
	const { block, cells, enlarged } = row;
	const { first, last } = bounds(block);
	const place = (part: number) => part * width;
	const size = last - first + 1;
	return (
		<div class="address-row">
			<p class="ends">
				<strong>{block}</strong>
				<span>to {addressText(last)}</span>
			</p>
			<svg width={width} height={height}>
				<title>{`${block}, to scale`}</title>
				{cells.map((cell) => (
					<Drawn key={cell.item.prefix} cell={cell} width={width} />
				))}
				{enlarged.map((part) => {
					const own = bounds(part.block);
					const from = place((own.first - first) / size);
					const to = place((own.last + 1 - first) / size);
					return (
						<rect
							key={part.block}
							class="enlarged"
							x={from}
							y={height - 3}
							width={Math.max(3, to - from)}
							height="3"
						/>
					);
				})}
			</svg>
			{enlarged.length > 0 && (
				<details open={isOpen}>
					<summary>
						{plural(enlarged.length, "part")} of {block}, enlarged
					</summary>
					{enlarged.map((part) => (
						<Row
							key={part.block}
							row={part}
							width={width - 14}
							isOpen={isOpen}
						/>
					))}
				</details>
			)}
		</div>
	);
}

function Drawn({
	cell: { item, from, to },
	width,
}: {
	readonly cell: Cell<AddressItem>;
	readonly width: number;
}) {
	const x = from * width;
	const own = Math.max(1, (to - from) * width - 1);
	const box = { x, y: 0, width: own, height: height - 5 };
	if (item.kind !== "subnet")
		return (
			<g class={`range ${item.kind}`}>
				<rect class="ground" {...box} />
				<title>{itemText(item)}</title>
				<Label texts={labels[item.kind](item.prefix)} x={x} width={own} />
			</g>
		);
	const { used, capacity, verdict } = item;
	const most = used === null ? null : (used.high ?? used.low);
	const share =
		most === null || capacity === 0 ? 0 : Math.min(1, most / capacity);
	return (
		<g class={`range subnet ${verdict ?? "other"}`}>
			<Linked href={item.href} text={itemText(item)}>
				<rect class="ground" {...box} />
				{used === null ? (
					<rect class="not-known" {...box} />
				) : (
					<rect class="used" {...box} width={own * share} />
				)}
				<rect class="frame" {...box} />
				<title>{itemText(item)}</title>
			</Linked>
			{/* Beside the link: a name that is cut is none of the link's own. */}
			<Label texts={[item.name, cut(item.name, own)]} x={x} width={own} />
		</g>
	);
}

/** The longest that there is room for is shown. */
const labels = {
	free: (prefix: string) => [`${prefix} free`, "free"],
	closed: () => ["not for subnets"],
	proposed: (prefix: string) => [`new: ${prefix}`, "new"],
} as const;

function Linked({
	href,
	text,
	children,
}: {
	readonly href: string | null;
	readonly text: string;
	readonly children: ComponentChildren;
}) {
	if (href === null) return <>{children}</>;
	return (
		<a href={href} aria-label={text}>
			{children}
		</a>
	);
}

/** The first of the texts that there is room for. */
function Label({
	texts,
	x,
	width,
}: {
	readonly texts: readonly string[];
	readonly x: number;
	readonly width: number;
}) {
	const room = roomIn(width);
	const shown = texts.find((text) => text !== "" && text.length <= room);
	if (shown === undefined) return null;
	return (
		<text x={x + 5} y={(height - 5) / 2} dy="0.34em">
			{shown}
		</text>
	);
}

function roomIn(width: number): number {
	return Math.floor((width - 8) / character);
}

/** A name without its middle, if what is left of it says something. */
function cut(name: string, width: number): string {
	const room = roomIn(width);
	return room < 6 ? "" : shorten(name, room);
}

/** "10.30.0.0/24: subnet snet-web, 123 of 251 IPs used, tight". */
export function itemText(item: AddressItem): string {
	switch (item.kind) {
		case "subnet":
			return [
				`${item.prefix}: subnet ${item.name}`,
				usedText(item.used, item.capacity),
				...(item.verdict === null ? [] : [item.verdict]),
			].join(", ");
		case "free":
			return `${item.prefix}: free, ${grouped(2 ** (32 - lengthOf(item.prefix)))} addresses`;
		case "closed":
			return `${item.prefix}: not for subnets`;
		case "proposed":
			return `${item.prefix}: a new subnet would go here`;
	}
}

export function usedText(used: Range | null, capacity: number): string {
	return used === null
		? `use not known, ${grouped(capacity)} usable IPs`
		: `${words(used)} of ${grouped(capacity)} IPs used`;
}

export function MapLegend() {
	const kinds = [
		["fits", "used, fits"],
		["tight", "used, tight"],
		["short", "used, short"],
		["other", "used, no AKS"],
		["not-known", "use not known"],
		["free", "free"],
		["closed", "pods, services or AKS: not for subnets"],
	] as const;
	return (
		<ul class="legend" aria-label="Colors of the map">
			{kinds.map(([kind, text]) => (
				<li key={kind}>
					<svg class="key" width="14" height="12" aria-hidden="true">
						<g
							class={`range ${kind === "free" || kind === "closed" ? kind : `subnet ${kind}`}`}
						>
							<rect class="ground" width="14" height="12" />
							{kind !== "free" && kind !== "closed" && (
								<rect
									class={kind === "not-known" ? "not-known" : "used"}
									width="14"
									height="12"
								/>
							)}
						</g>
					</svg>{" "}
					{text}
				</li>
			))}
		</ul>
	);
}
