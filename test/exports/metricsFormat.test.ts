import { expect, it } from "vitest";
import { metricsFormat } from "../../shared/exports/metricsFormat.ts";

const prometheus3 = [
	"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6",
	"application/openmetrics-text;version=0.0.1;q=0.5",
	"text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4",
	"text/plain;version=0.0.4;q=0.3",
	"*/*;q=0.2",
].join(",");

it.each([
	{ accept: prometheus3, format: "openmetrics" },
	{ accept: "application/openmetrics-text", format: "openmetrics" },
	{
		accept: "Application/OpenMetrics-Text; version=1.0.0, text/plain",
		format: "openmetrics",
	},
	{ accept: "text/plain, application/openmetrics-text;q=0.5", format: "text" },
	{ accept: "application/openmetrics-text;q=0", format: "text" },
	{ accept: "application/openmetrics-text;q=much", format: "text" },
	{ accept: "text/html,application/xml;q=0.9,*/*;q=0.8", format: "text" },
	{ accept: "*/*", format: "text" },
	{ accept: "", format: "text" },
	{ accept: null, format: "text" },
])("who accepts $accept gets $format", ({ accept, format }) => {
	expect(metricsFormat(accept)).toBe(format);
});
