import { showCapacity } from "./capacity.js";
import { byId, el, getJson } from "./dom.js";
import {
	freeText,
	kindText,
	range,
	scenarios,
	severities,
	untilText,
} from "./words.js";

const pagesAtOnce = 5;

let version;
let findings = [];
let continuation = null;
const hidden = new Set();

/** Reads the findings anew when another audit has ended. */
export async function refreshFindings(audit) {
	if (audit === version) return;
	findings = [];
	continuation = null;
	await load();
	version = audit;
}

export function watchFilters() {
	byId("search").addEventListener("input", show);
	byId("more").addEventListener("click", load);
}

async function load() {
	for (let page = 0; page < pagesAtOnce; page++) {
		const query = continuation
			? `?continuation=${encodeURIComponent(continuation)}`
			: "";
		const answer = await getJson(`/api/findings${query}`);
		findings.push(...answer.findings);
		continuation = answer.continuation ?? null;
		if (continuation === null) break;
	}
	show();
}

function show() {
	byId("filters").hidden = findings.length === 0;
	byId("more").hidden = continuation === null;
	byId("severities").replaceChildren(...severities.flatMap(toggle));

	const rows = findings.filter(isWanted).toSorted(bySeverity).map(row);
	const empty = findings.length === 0 ? "Nothing open." : "Nothing like that.";
	byId("findings").replaceChildren(
		rows.length === 0 ? el("p", { class: "quiet" }, empty) : table(rows),
	);
}

function toggle(severity) {
	const count = findings.filter(
		(finding) => finding.severity === severity,
	).length;
	if (count === 0) return [];

	const onclick = () => {
		if (!hidden.delete(severity)) hidden.add(severity);
		show();
		byId("severities").querySelector(`.${severity}`)?.focus();
	};
	const attributes = {
		type: "button",
		class: `severity ${severity}`,
		"aria-pressed": String(!hidden.has(severity)),
		onclick,
	};
	return [el("button", attributes, `${count} ${severity}`)];
}

function isWanted({ severity, clusterName, budget }) {
	const words = byId("search").value.trim().toLowerCase();
	const text = `${clusterName} ${budget?.name ?? ""}`.toLowerCase();
	return !hidden.has(severity) && text.includes(words);
}

function bySeverity(a, b) {
	return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}

function table(rows) {
	const heads = ["Severity", "Where", "Figures", "Why", "What to do"];
	return el(
		"table",
		{ class: "findings" },
		el(
			"thead",
			{},
			el(
				"tr",
				{},
				heads.map((head) => el("th", { scope: "col" }, head)),
			),
		),
		el("tbody", {}, rows),
	);
}

function row(finding) {
	const { severity, reasons, remedies, acceptance } = finding;
	return el(
		"tr",
		{},
		el(
			"td",
			{},
			el("span", { class: `severity ${severity}` }, severity),
			el("span", { class: "rule" }, finding.rule),
			acceptance && el("span", { class: "rule" }, "accepted"),
		),
		el("td", {}, clusterButton(finding), budgetName(finding)),
		el("td", {}, figures(finding), lastKnownOf(finding)),
		el("td", { "data-label": "Why" }, list(reasons.map(({ text }) => text))),
		el(
			"td",
			{ "data-label": "What to do" },
			acceptance && accepted(acceptance),
			list(remedies.map(remedy)),
		),
	);
}

/** The figures are older than the audit: not everything was seen since. */
function lastKnownOf({ lastKnown }) {
	if (!lastKnown) return null;
	const { auditId, unseen } = lastKnown;
	return el(
		"span",
		{ class: "rule" },
		`Figures of audit ${auditId}. Not seen since: ${unseen.join("; ")}`,
	);
}

/** Who lives with it, until when and why. */
function accepted({ reason, owner, expiry, by }) {
	return el(
		"p",
		{ class: "accepted" },
		`Accepted${scopes[by] ?? ""} by ${owner} until ${untilText(expiry)}: ${reason}`,
	);
}

const scopes = { budget: " with its budget", tag: " by a tag of its cluster" };

function clusterButton({ cluster, clusterName }) {
	const onclick = () => showCapacity(cluster, clusterName);
	const title = "Show the capacity of this cluster";
	return el(
		"button",
		{ type: "button", class: "link", title, onclick },
		clusterName,
	);
}

function budgetName({ budget }) {
	if (!budget) return null;
	return el(
		"span",
		{ class: "budget" },
		`${kindText(budget.kind)} `,
		el("strong", {}, budget.name),
	);
}

function figures({ scenario, verdict, limit, demand, free, alsoIn }) {
	if (!scenario) return null;
	const also = alsoIn.map((name) => scenarios[name] ?? name).join(", ");
	return [
		el(
			"strong",
			{ class: verdict },
			`${freeText(free) ?? verdict} (${scenarios[scenario] ?? scenario})`,
		),
		el("span", { class: "rule" }, `needs ${range(demand)} of ${range(limit)}`),
		also && el("span", { class: "rule" }, `also: ${also}`),
	];
}

function remedy({ title, detail, command }) {
	return [
		el("strong", {}, title),
		...detail.map((sentence) => ` ${sentence}`),
		command.length > 0 ? el("code", {}, command.join("\n")) : null,
	];
}

function list(items) {
	return items.length === 0
		? "–"
		: el(
				"ul",
				{},
				items.map((item) => el("li", {}, item)),
			);
}
