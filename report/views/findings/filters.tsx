import { lastName } from "../../../shared/arm.ts";
import { type Severity, severities } from "../../../shared/contract.ts";
import { grouped } from "../../../shared/text.ts";
import { replaceRoute } from "../../context.ts";
import type { ListedFinding } from "../../data/answers.ts";
import { type FindingsFilter, noFilter } from "../../route.ts";
import { rules, ruleTitle } from "../../rules.ts";
import { choices, networkOf, severityCounts } from "./filterList.ts";

interface Chosen {
	readonly filter: FindingsFilter;
	readonly findings: readonly ListedFinding[];
}

/** Every change goes into the URL, and from there into the list. */
export function Filters({ filter, findings }: Chosen) {
	const change = (part: Partial<FindingsFilter>) =>
		replaceRoute({ view: "findings", filter: { ...filter, ...part } });
	const isNarrowed = JSON.stringify(filter) !== JSON.stringify(noFilter);
	return (
		<form
			class="filters"
			aria-label="Filters"
			onSubmit={(event) => event.preventDefault()}
		>
			<Chips filter={filter} findings={findings} change={change} />
			<label class="search">
				<span class="visually-hidden">Cluster, subnet or words</span>
				<input
					type="search"
					placeholder="Cluster, subnet or words"
					value={filter.text}
					onInput={(event) => change({ text: event.currentTarget.value })}
				/>
			</label>
			<Choice
				name="Rule"
				all="every rule"
				value={filter.rule}
				options={ruleOptions(findings)}
				choose={(rule) => change({ rule })}
			/>
			<Choice
				name="Subscription"
				all="every subscription"
				value={filter.subscription}
				options={optionsOf(findings, ({ subscription }) => subscription)}
				choose={(subscription) => change({ subscription })}
			/>
			<Choice
				name="Network"
				all="every network"
				value={filter.network}
				options={optionsOf(findings, networkOf, lastName)}
				choose={(network) => change({ network })}
			/>
			<Choice
				name="Accepted"
				all="accepted or not"
				value={filter.accepted === null ? null : String(filter.accepted)}
				options={[
					{ value: "false", text: "not accepted" },
					{ value: "true", text: "accepted" },
				]}
				choose={(value) =>
					change({ accepted: value === null ? null : value === "true" })
				}
			/>
			<Choice
				name="State"
				all="open"
				value={filter.state === "open" ? null : filter.state}
				options={[{ value: "resolved", text: "resolved" }]}
				choose={(value) =>
					change({ state: value === null ? "open" : "resolved" })
				}
			/>
			<Choice
				name="Group"
				all="no groups"
				value={filter.group === "none" ? null : filter.group}
				options={[
					{ value: "budget", text: "by subnet, CIDR or table" },
					{ value: "cluster", text: "by cluster" },
				]}
				choose={(value) =>
					change({
						group: value === "budget" || value === "cluster" ? value : "none",
					})
				}
			/>
			{isNarrowed && (
				<button type="button" class="link" onClick={() => change(noFilter)}>
					Clear filters
				</button>
			)}
		</form>
	);
}

type Change = (part: Partial<FindingsFilter>) => void;

/** Chips select: those that are pressed are shown, and all where none is. */
function Chips({
	filter,
	findings,
	change,
}: Chosen & { readonly change: Change }) {
	const counts = severityCounts(findings, filter);
	const toggle = (severity: Severity) => {
		const chosen = new Set(filter.severity);
		if (!chosen.delete(severity)) chosen.add(severity);
		change({ severity: severities.filter((one) => chosen.has(one)) });
	};
	return (
		<fieldset class="chips">
			<legend class="visually-hidden">Severities</legend>
			{severities.map((severity) => (
				<button
					key={severity}
					type="button"
					class={`chip severity ${severity}`}
					aria-pressed={filter.severity.includes(severity)}
					onClick={() => toggle(severity)}
				>
					<strong>{grouped(counts[severity])}</strong> {severity}
				</button>
			))}
		</fieldset>
	);
}

interface Option {
	readonly value: string;
	readonly text: string;
}

function Choice({
	name,
	all,
	value,
	options,
	choose,
}: {
	readonly name: string;
	readonly all: string;
	readonly value: string | null;
	readonly options: readonly Option[];
	readonly choose: (value: string | null) => void;
}) {
	// A link may ask for something that nothing is about any more.
	const isKnown = value === null || options.some((one) => one.value === value);
	return (
		<label class="choice">
			<span>{name}</span>
			<select
				value={value ?? ""}
				onChange={(event) => choose(event.currentTarget.value || null)}
			>
				<option value="">{all}</option>
				{!isKnown && <option value={value}>{lastName(value)}</option>}
				{options.map((one) => (
					<option key={one.value} value={one.value}>
						{one.text}
					</option>
				))}
			</select>
		</label>
	);
}

function optionsOf(
	findings: readonly ListedFinding[],
	field: (finding: ListedFinding) => string | null,
	name: (value: string) => string = (value) => value,
): Option[] {
	return choices(findings, field)
		.map(({ value, count }) => ({ value, text: `${name(value)} (${count})` }))
		.sort((a, b) => (a.text < b.text ? -1 : 1));
}

function ruleOptions(findings: readonly ListedFinding[]): Option[] {
	const order = rules.map(({ id }) => id);
	return choices(findings, ({ rule }) => rule)
		.sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value))
		.map(({ value, count }) => ({
			value,
			text: `${ruleTitle(value)} (${count})`,
		}));
}
