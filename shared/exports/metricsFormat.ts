export const mediaTypes = {
	openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
	text: "text/plain; version=0.0.4; charset=utf-8",
} as const;

export type MetricsFormat = keyof typeof mediaTypes;

/** OpenMetrics only for those who ask for it by name, and want nothing else more: people and old scrapers read the text. */
export function metricsFormat(accept: string | null): MetricsFormat {
	const open = weightOf(accept, "application/openmetrics-text");
	const text = weightOf(accept, "text/plain");
	return open > 0 && open >= text ? "openmetrics" : "text";
}

/** The highest q among the ranges of this type. One type comes several times, once a version. */
function weightOf(accept: string | null, type: string): number {
	const weights = (accept ?? "").split(",").map((range) => {
		const [name, ...parameters] = range
			.split(";")
			.map((part) => part.trim().toLowerCase());
		if (name !== type) return 0;
		const weight = parameters.find((parameter) => parameter.startsWith("q="));
		return weight === undefined ? 1 : Number(weight.slice(2)) || 0;
	});
	return Math.max(...weights);
}
