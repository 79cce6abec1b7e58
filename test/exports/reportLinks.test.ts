import { expect, it } from "vitest";
import { findingLink, reportLink } from "../../shared/report/links.ts";

const id = "025a3ed783148948baae8d98570d012a";

it.each([
	{
		base: "https://auditor.azurewebsites.net/api/report",
		report: "https://auditor.azurewebsites.net/api/report",
		finding: `https://auditor.azurewebsites.net/api/report?finding=${id}#/findings/${id}`,
	},
	{
		base: "http://127.0.0.1:8080",
		report: "http://127.0.0.1:8080/",
		finding: `http://127.0.0.1:8080/?finding=${id}#/findings/${id}`,
	},
	{
		base: "https://portal.example/aks?team=a#start",
		report: "https://portal.example/aks?team=a#start",
		finding: `https://portal.example/aks?team=a&finding=${id}#/findings/${id}`,
	},
])("$base is linked", ({ base, report, finding }) => {
	expect(reportLink(base)).toBe(report);
	expect(findingLink(base, id)).toBe(finding);
});

it("an ID cannot change the address", () => {
	expect(findingLink("https://a.example/api/report", "x&y#/z?<b>")).toBe(
		"https://a.example/api/report?finding=x%26y%23%2Fz%3F%3Cb%3E#/findings/x%26y%23%2Fz%3F%3Cb%3E",
	);
});
