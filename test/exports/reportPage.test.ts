import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { oneFile, servedPolicy } from "../../shared/report/page.ts";

const script = "\nalert('a');\n";
const page = `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="connect-src 'self'"><title>t</title><style>p{color:red}</style></head><body><script type="application/json" id="report-data"></script><script type="module">${script}</script></body></html>`;

const hash = (text: string) =>
	`'sha256-${createHash("sha256").update(text).digest("base64")}'`;

describe("the policy of the page", () => {
	it("allows the page's own script and style by their hashes, and no data block", () => {
		expect(servedPolicy(page)).toBe(
			[
				"default-src 'none'",
				`script-src ${hash(script)}`,
				`style-src ${hash("p{color:red}")}`,
				"connect-src 'self'",
				"img-src 'self' data:",
				"base-uri 'none'",
				"form-action 'none'",
				"frame-ancestors 'none'",
			].join("; "),
		);
	});

	it("has the hash that a browser computes", () => {
		// From the CSP specification's own example.
		expect(servedPolicy("<script>alert('Hello, world.');</script>")).toContain(
			"script-src 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='; style-src 'none'",
		);
	});

	it("refuses a script from elsewhere", () => {
		expect(() => servedPolicy('<script src="a.js"></script>')).toThrow(
			/loads a script/,
		);
	});
});

describe("one file", () => {
	const hostile = {
		names: [
			"</script><script>alert(1)</script>",
			"<!--<script>",
			"$& $1 $`",
			"\u2028",
		],
	};
	const file = oneFile(page, hostile);
	const [, data = ""] =
		/<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(
			file,
		) ?? [];

	it("has the data, and names in it end no script", () => {
		expect(JSON.parse(data)).toEqual(hostile);
		expect(data).not.toContain("<");
		expect(file.match(/<script/g)).toHaveLength(2);
		expect(file.match(/<\/script/g)).toHaveLength(2);
	});

	it("has a policy of its own, without what a meta cannot say", () => {
		const meta = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${hash(script)}; style-src ${hash("p{color:red}")}; img-src data:; base-uri 'none'; form-action 'none'">`;
		expect(file).toContain(`<head><meta charset="utf-8">${meta}<title>`);
	});

	it.each([0, 2])("needs one place for the data, and not %d", (places) => {
		const place = '<script type="application/json" id="report-data"></script>';
		expect(() =>
			oneFile(page.replace(place, place.repeat(places)), {}),
		).toThrow(`has ${places} places`);
	});
});
