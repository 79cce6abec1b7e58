import { scaleLinear, scaleUtc } from "d3-scale";
import { area, line } from "d3-shape";
import { useRef } from "preact/hooks";
import { unitText } from "../../shared/model/amountText.ts";
import { grouped } from "../../shared/text.ts";
import { dayMs } from "../../shared/time.ts";
import type { History } from "../data/answers.ts";
import { dayText } from "../words.ts";
import { useWidth } from "./width.ts";

const height = 240;
const margin = { top: 12, right: 16, bottom: 28, left: 52 };
/** Half of "31 Dec 2027", in pixels: the last label ends with the chart. */
const halfLabel = 36;
/** A forecast that reaches further does not make the past unreadable. */
const furthestDays = 180;

type Point = History["points"][number] & { readonly time: Date };

/** What a budget needed from audit to audit: demand now, demand at autoscaler max, capacity, and when it will be full. */
export function HistoryChart({ history }: { readonly history: History }) {
	const frame = useRef<HTMLDivElement>(null);
	const width = useWidth(frame);
	return (
		<div class="chart" ref={frame}>
			{width !== null && width > 0 && (
				<Drawing history={history} width={width} />
			)}
		</div>
	);
}

function Drawing({
	history,
	width,
}: {
	readonly history: History;
	readonly width: number;
}) {
	const points = history.points.map((point) => ({
		...point,
		time: new Date(point.at),
	}));
	const [first] = points;
	const newest = points.at(-1);
	if (first === undefined || newest === undefined) return null;
	const forecast = forecastOf(history, newest);
	const x = scaleUtc(
		[first.time, forecast?.until ?? newest.time],
		[margin.left, width - margin.right],
	);
	const y = scaleLinear(
		[0, Math.max(1, ...points.flatMap(highest))],
		[height - margin.bottom, margin.top],
	).nice(4);
	const places = { x, y };
	return (
		<svg
			width={width}
			height={height}
			role="img"
			aria-label={chartText(history, first, newest)}
		>
			{y.ticks(4).map((tick) => (
				<g key={tick} class="tick">
					<line
						x1={margin.left}
						x2={width - margin.right}
						y1={y(tick)}
						y2={y(tick)}
					/>
					<text x={margin.left - 8} y={y(tick)} dy="0.32em" text-anchor="end">
						{grouped(tick)}
					</text>
				</g>
			))}
			{x.ticks(Math.max(2, Math.floor(width / 110))).map((tick) => (
				<text
					key={tick.getTime()}
					class="tick"
					x={Math.min(x(tick), width - halfLabel)}
					y={height - 8}
					text-anchor="middle"
				>
					{dayText(tick)}
				</text>
			))}
			<Forecast forecast={forecast} newest={newest} places={places} />
			<Lines points={points} places={places} />
		</svg>
	);
}

interface Places {
	readonly x: (time: Date) => number;
	readonly y: (amount: number) => number;
}

/** Between the lowest and the highest of an amount, and its line. A point of an unknown amount leaves a hole. */
function Lines({
	points,
	places: { x, y },
}: {
	readonly points: readonly Point[];
	readonly places: Places;
}) {
	const series = [
		{ name: "full", of: (point: Point) => point.full },
		{ name: "demand", of: (point: Point) => point.demand },
		{ name: "limit", of: (point: Point) => point.limit },
	] as const;
	return (
		<>
			{series.map(({ name, of }) => {
				const isKnown = (point: Point) => of(point).high !== null;
				const high = (point: Point) => y(of(point).high ?? 0);
				const low = (point: Point) => y(of(point).low ?? 0);
				const drawn = name === "limit" ? low : high;
				return (
					<g key={name} class={name}>
						<path
							class="spread"
							d={
								area<Point>()
									.defined(isKnown)
									.x(({ time }) => x(time))
									.y0(low)
									.y1(high)([...points]) ?? ""
							}
						/>
						<path
							class="line"
							d={
								line<Point>()
									.defined(isKnown)
									.x(({ time }) => x(time))
									.y(drawn)([...points]) ?? ""
							}
						/>
						{points.length === 1 &&
							points.map((point) => (
								<circle cx={x(point.time)} cy={drawn(point)} r="3" />
							))}
					</g>
				);
			})}
		</>
	);
}

interface ForecastTimes {
	readonly soonest: Date;
	readonly latest: Date | null;
	readonly until: Date;
}

function forecastOf({ runway }: History, newest: Point): ForecastTimes | null {
	if (runway === null) return null;
	const after = (days: number) =>
		new Date(newest.time.getTime() + days * dayMs);
	const { low, high } = runway;
	return {
		soonest: after(low),
		latest: high === null ? null : after(high),
		until: after(Math.min(furthestDays, Math.max(high ?? low * 2, low + 7))),
	};
}

/** The cone from the newest demand to the capacity: between the soonest and the latest day at which it is full. */
function Forecast({
	forecast,
	newest,
	places: { x, y },
}: {
	readonly forecast: ForecastTimes | null;
	readonly newest: Point;
	readonly places: Places;
}) {
	const from = newest.demand.high;
	const to = newest.limit.low;
	if (forecast === null || from === null || to === null) return null;
	const { soonest, latest, until } = forecast;
	const origin = `${x(newest.time)},${y(from)}`;
	const bottom = latest === null ? `${x(until)},${y(from)}` : "";
	const end = latest ?? until;
	return (
		<>
			<line
				class="ahead"
				x1={x(newest.time)}
				x2={x(until)}
				y1={y(to)}
				y2={y(to)}
			/>
			<polygon
				class="forecast"
				points={`${origin} ${x(soonest)},${y(to)} ${x(end)},${y(to)} ${bottom}`}
			>
				<title>Forecast: when it is full</title>
			</polygon>
		</>
	);
}

function highest({ demand, full, limit }: Point): number[] {
	return [demand, full, limit].map(({ low, high }) => high ?? low ?? 0);
}

function chartText({ unit, name }: History, first: Point, newest: Point) {
	const last = newest.demand.high ?? newest.demand.low ?? 0;
	return `${name} from ${dayText(first.at)} to ${dayText(newest.at)}: demand ${grouped(last)} of ${grouped(newest.limit.low ?? 0)} ${unitText(unit)} at the end`;
}
