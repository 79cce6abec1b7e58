import { byId, el, getJson } from "./dom.js";
import { alertText, changeText, severities } from "./vocabulary.js";
import { counts, number, plural, time } from "./words.js";

let shown = "";

/** Shows what changed; returns the id and state of the newest audit that ended, or null. */
export async function refreshAudits() {
	const { audits } = await getJson("/api/audits");
	const latest = audits.find(({ state }) => state !== "running") ?? null;
	const text = JSON.stringify(audits);
	if (text !== shown) {
		shown = text;
		show(audits, latest);
	}
	return latest && `${latest.auditId} ${latest.state}`;
}

function show(audits, latest) {
	const running = audits.find(({ state }) => state === "running");
	byId("running").hidden = !running;
	byId("running").replaceChildren(...(running ? [progress(running)] : []));
	if (latest) byId("latest").replaceChildren(summary(latest));

	const earlier = audits.filter(
		(audit) => audit !== latest && audit !== running,
	);
	byId("earlier").hidden = earlier.length === 0;
	byId("audits").replaceChildren(...earlier.map(row));
}

function progress({ progress: { clusters, evaluated } }) {
	const bar = clusters > 0 ? { max: clusters, value: evaluated } : {};
	return el(
		"p",
		{ class: "progress" },
		`An audit is running: ${number(evaluated)} of ${plural(clusters, "cluster")} evaluated `,
		el("progress", { ...bar, "aria-label": "Progress" }),
	);
}

/** A failed audit checked nothing: its counts are of what was open before. */
function failure(audit) {
	const { findings, accepted, alert, coverage } = audit;
	return el(
		"div",
		{ class: "panel" },
		el("p", {}, state(audit), ` ${when(audit)}, started by ${starter(audit)}`),
		el(
			"p",
			{},
			el("strong", {}, "No cluster was checked. This is not an all-clear."),
		),
		el(
			"dl",
			{},
			...coverage.gaps.map(({ reason }) => fact("Why", reason)),
			fact("Open before", open(findings, accepted)),
			fact("Alert", alertText[alert.state] ?? alert.state),
		),
	);
}

function summary(audit) {
	if (audit.state === "failed") return failure(audit);
	const { coverage, findings, accepted, changes, alert } = audit;
	return el(
		"div",
		{ class: "panel" },
		el("p", {}, state(audit), ` ${when(audit)}, started by ${starter(audit)}`),
		el(
			"dl",
			{},
			fact("Open", open(findings, accepted)),
			fact("Changes", counts(changes, Object.keys(changes), changeText)),
			fact("Seen", seen(coverage)),
			fact("Alert", alertText[alert.state] ?? alert.state),
		),
		gaps(coverage.gaps),
	);
}

function open(findings, accepted) {
	const known = accepted > 0 ? `; ${number(accepted)} of them accepted` : "";
	return counts(findings, severities) + known;
}

function fact(name, text) {
	return el("div", {}, el("dt", {}, name), el("dd", {}, text));
}

function state({ state }) {
	return el("span", { class: `state ${state}` }, state);
}

function when({ startedAt, finishedAt }) {
	return time(finishedAt ?? startedAt);
}

function starter({ trigger }) {
	return trigger === "timer" ? "the timer" : "a request";
}

function seen({ subscriptions, clusters, subnets, notEvaluated }) {
	const missed =
		notEvaluated > 0
			? `; ${plural(notEvaluated, "cluster")} not evaluated`
			: "";
	return `${plural(clusters, "cluster")}, ${plural(subnets, "subnet")}, ${number(subscriptions.answered)} of ${plural(subscriptions.expected, "subscription")}${missed}`;
}

function gaps(list) {
	if (list.length === 0) return null;
	return el(
		"div",
		{ class: "gaps" },
		el(
			"strong",
			{},
			`${plural(list.length, "gap")}: what was not read is not checked`,
		),
		el(
			"ul",
			{},
			list.map(({ scope, reason }) =>
				el("li", {}, el("strong", {}, scope), ` · ${reason}`),
			),
		),
	);
}

function row(audit) {
	const known = audit.state === "failed" ? "open before" : "open";
	const text = ` ${when(audit)} · ${known}: ${counts(audit.findings, severities)} · alert ${alertText[audit.alert.state] ?? audit.alert.state}`;
	return el("li", {}, state(audit), text);
}
