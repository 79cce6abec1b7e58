import { budgetKinds } from "./budgetKinds.js";
import { showCapacity } from "./capacity.js";
import { byId, el, getJson } from "./dom.js";
import { severities } from "./vocabulary.js";
import {
	amount,
	freeText,
	kindText,
	range,
	scenarioText,
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

	const items = findings.filter(isWanted).toSorted(bySeverity).map(item);
	const empty =
		findings.length === 0
			? "No open findings."
			: "No finding matches the filters.";
	byId("findings").replaceChildren(
		items.length === 0
			? el("p", { class: "quiet" }, empty)
			: el("ol", { class: "findings" }, items),
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

/** What fails, where, the numbers, why, and what to do. */
function item(finding) {
	const { severity, headline, rule, acceptance, reasons, remedies } = finding;
	return el(
		"li",
		{ class: "panel finding" },
		el(
			"h3",
			{},
			el("span", { class: `severity ${severity}` }, severity),
			" ",
			el("strong", {}, headline),
		),
		el(
			"p",
			{},
			clusterButton(finding),
			budgetName(finding),
			el("span", { class: "rule" }, ` · ${rule}`),
		),
		figures(finding),
		lastKnownOf(finding),
		acceptance && accepted(acceptance),
		reasons.length > 0 &&
			el(
				"details",
				{},
				el("summary", {}, "Why"),
				el(
					"ul",
					{},
					reasons.map(({ text }) => el("li", {}, text)),
				),
			),
		remedies.length > 0 && [
			el("p", { class: "rule" }, "What to do"),
			el(
				"ul",
				{ class: "remedies" },
				remedies.map((one) => el("li", {}, remedy(one))),
			),
		],
	);
}

/** An audit that did not see everything leaves a finding as it was. */
function lastKnownOf({ lastKnown }) {
	if (!lastKnown) return null;
	const { auditId, unseen } = lastKnown;
	return el(
		"p",
		{ class: "rule" },
		`Numbers are of audit ${auditId}. Not seen since: ${unseen.join("; ")}`,
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
		{},
		` · ${kindText(budget.kind)} `,
		el("strong", {}, budget.name),
	);
}

function figures({ budget, scenario, verdict, limit, demand, free, alsoIn }) {
	if (!budget || !scenario) return null;
	const { unit } = budgetKinds[budget.kind] ?? {};
	const also = alsoIn.map(scenarioText).join(", ");
	return el(
		"p",
		{},
		`${scenarioText(scenario)}: `,
		el("strong", { class: verdict }, verdict),
		`. Needs ${amount(demand, unit)}, has ${range(limit)}: ${freeText(free)}.`,
		also && el("span", { class: "rule" }, ` Also: ${also}.`),
	);
}

/** Commands as they are pasted, one a line. */
function remedy({ title, detail, command }) {
	return [
		el("strong", {}, title),
		...detail.map((sentence) => el("p", {}, sentence)),
		command.length > 0 ? el("pre", {}, command.join("\n")) : null,
	];
}
