import { byId, el, getJson } from "./dom.js";
import { historyOf } from "./history.js";
import {
	freeText,
	kindText,
	otherResourceKinds,
	plural,
	range,
	scenarios,
} from "./words.js";

let asked = null;

/** Opens the budgets of one cluster in each scenario. */
export async function showCapacity(cluster, name) {
	asked = cluster;
	byId("capacityTitle").textContent = `Capacity of ${name}`;
	byId("capacityBody").replaceChildren(
		el("p", { class: "quiet" }, "Reading …"),
	);
	if (!byId("capacity").open) byId("capacity").showModal();

	const content = await contentOf(cluster);
	if (asked === cluster) byId("capacityBody").replaceChildren(...content);
}

export function watchCapacity() {
	byId("capacityClose").addEventListener("click", () =>
		byId("capacity").close(),
	);
}

async function contentOf(cluster) {
	try {
		const capacity = await getJson(
			`/api/capacity?cluster=${encodeURIComponent(cluster)}`,
		);
		const { notEvaluated, provisioningState, budgets } = capacity;
		return [
			el("p", { class: "id" }, cluster),
			notEvaluated &&
				el("p", { class: "refused" }, `Not evaluated: ${notEvaluated}`),
			provisioningState &&
				provisioningState !== "succeeded" &&
				el("p", { class: "rule" }, `State in Azure: ${provisioningState}`),
			...budgets
				.toSorted((a, b) => urgency(a) - urgency(b))
				.map((budget) => budgetSection(budget, cluster)),
		].filter(Boolean);
	} catch (error) {
		return [el("p", { class: "refused" }, error.message)];
	}
}

const verdicts = ["short", "tight", "unknown", "fits"];

/** What does not fit comes first. */
function urgency({ scenarios }) {
	return Math.min(
		...Object.values(scenarios).map(({ verdict }) => verdicts.indexOf(verdict)),
	);
}

function observedText(observed) {
	const { low, high } = observed;
	return low === 0 && high === null
		? "use not shown by Azure"
		: `in use ${range(observed)}`;
}

function budgetSection(budget, cluster) {
	const { kind, name, unit, limit, observed, otherResources, shared, azure } =
		budget;
	const neighbors = shared.filter((id) => id !== cluster).length;
	const facts = [
		`limit ${range(limit)} ${unit}`,
		observed && observedText(observed),
		otherResources &&
			`other resources ${range(otherResources)}${occupantsText(budget)}`,
		neighbors > 0 && `shared with ${plural(neighbors, "other cluster")}`,
	].filter(Boolean);
	return el(
		"section",
		{ class: "panel" },
		el("h3", {}, `${kindText(kind)} `, el("strong", {}, name)),
		el("p", { class: "rule" }, facts.join(" · ")),
		...budget.unseen.map(({ reason }) =>
			el("p", { class: "refused" }, `Not seen: ${reason}`),
		),
		scenarioTable(budget.scenarios),
		historyOf(budget),
		azure &&
			el(
				"p",
				{ class: "rule" },
				`Azure's own check: any change ${preflight(azure.change, checked(budget))}; upgrade ${preflight(azure.upgrade, checked(budget))}`,
			),
		...Object.entries(budget.scenarios).map(entriesOf),
	);
}

function occupantsText({ otherResourcesByKind, otherResourcesReason }) {
	const words = (otherResourcesByKind ?? []).map(
		({ kind, addresses }) =>
			`${otherResourceKinds[kind] ?? kind} ${range(addresses)}`,
	);
	const all = [...words, otherResourcesReason].filter(Boolean);
	return all.length > 0 ? ` (${all.join(", ")})` : "";
}

/** Azure checks blocks in addresses. */
function checked({ unit }) {
	return unit === "blocks" ? "addresses" : unit;
}

function preflight({ verdict, requested, available }, unit) {
	return `${verdict} (${range(requested)} ${unit} requested, ${range(available)} available)`;
}

function scenarioTable(all) {
	const heads = ["Scenario", "Verdict", "Drawn", "Left"];
	return el(
		"table",
		{ class: "scenarios" },
		el(
			"thead",
			{},
			el(
				"tr",
				{},
				heads.map((head) => el("th", { scope: "col" }, head)),
			),
		),
		el("tbody", {}, Object.entries(all).map(scenarioRow)),
	);
}

function scenarioRow([name, { verdict, demand, free, decidedBy }]) {
	const why = decidedBy
		? el("span", { class: "rule" }, String(decidedBy))
		: null;
	return el(
		"tr",
		{},
		el("th", { scope: "row" }, scenarios[name] ?? name),
		el("td", {}, el("strong", { class: verdict }, verdict), why),
		el("td", {}, range(demand)),
		el("td", {}, freeText(free) ?? "–"),
	);
}

function entriesOf([name, scenario]) {
	const { entries = [], additionalNodes, podsPerNode, stranded } = scenario;
	const left = [
		...Object.entries(additionalNodes ?? {}).map(
			([pool, nodes]) => `${pool}: room for ${range(nodes)} more nodes`,
		),
		...Object.entries(podsPerNode ?? {}).map(
			([pool, pods]) => `${pool}: ${range(pods)} pods a node on average`,
		),
		stranded && `${range(stranded)} addresses fill no batch`,
	].filter(Boolean);
	if (entries.length + left.length === 0) return null;
	return el(
		"details",
		{},
		el("summary", {}, `What draws: ${scenarios[name] ?? name}`),
		el(
			"ul",
			{},
			[...entries.map(entry), ...left].map((item) => el("li", {}, item)),
		),
	);
}

function entry({ cluster, pool, nodes, demand, source, reasons }) {
	const who = [cluster?.split("/").at(-1), pool].filter(Boolean).join(" / ");
	const count = nodes ? `, ${range(nodes)} nodes` : "";
	return [
		el("strong", {}, who || "others"),
		`${count}: ${range(demand)} (${source}) `,
		el("span", { class: "rule" }, reasons.map(({ text }) => text).join("; ")),
	];
}
