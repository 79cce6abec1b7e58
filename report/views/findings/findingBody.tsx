import type { ComponentChildren } from "preact";
import type { Finding } from "../../../shared/contract.ts";
import { runwayText } from "../../../shared/history/runwayText.ts";
import {
	amount,
	scenarioLabels,
	scenarioText,
} from "../../../shared/model/amountText.ts";
import { budgetKinds } from "../../../shared/model/budgetKinds.ts";
import { words } from "../../../shared/model/range.ts";
import { listed } from "../../../shared/text.ts";
import { BudgetLink } from "../../parts/budgetName.tsx";
import { PortalLink } from "../../parts/portal.tsx";
import { PreflightText } from "../../parts/preflight.tsx";
import { Remedies } from "../../parts/remedies.tsx";
import { VerdictMark } from "../../parts/verdict.tsx";
import { hashOf } from "../../route.ts";
import { ruleTitle, ruleWords } from "../../rules.ts";
import { freeText, timeText } from "../../words.ts";
import { AcceptancePart } from "./acceptancePart.tsx";

/** What fails and by how much, why, what to do, and who lives with it. `level`: of its headings. */
export function FindingBody({
	finding,
	level,
	isListed = false,
}: {
	readonly finding: Finding;
	readonly level: 2 | 3 | 4;
	/** It is part of a list: its own page is one link away. */
	readonly isListed?: boolean;
}) {
	const { reasons, remedies, lastKnown } = finding;
	const Title = `h${level}` as const;
	return (
		<>
			<Amounts finding={finding} />
			{lastKnown !== null && (
				<p class="notice">
					The numbers are of audit {lastKnown.auditId}. Not seen since:{" "}
					{lastKnown.unseen.join("; ")}
				</p>
			)}
			{remedies.length > 0 && (
				<section>
					<Title>What to do</Title>
					<Remedies remedies={remedies} />
				</section>
			)}
			{reasons.length > 0 && (
				<section>
					<Title>Why</Title>
					<ul class="reasons">
						{reasons.map(({ text }) => (
							<li key={text}>{text}</li>
						))}
					</ul>
				</section>
			)}
			<section>
				<Title>Where and since when</Title>
				<Facts finding={finding} isListed={isListed} />
			</section>
			<AcceptancePart finding={finding} level={level} />
		</>
	);
}

/** The scenario that fails first, in numbers, and the others that fail. */
function Amounts({ finding }: { readonly finding: Finding }) {
	const { budget, scenario, verdict, limit, demand, free, alsoIn } = finding;
	if (!budget || !scenario || !verdict || !limit || !demand || !free)
		return null;
	const { unit } = budgetKinds[budget.kind];
	return (
		<p class="amounts">
			<VerdictMark verdict={verdict} /> <strong>{freeText(free, unit)}</strong>{" "}
			{scenarioText[scenario]}. Needs {amount(demand, unit)}, has {words(limit)}
			.
			{alsoIn.length > 0 && (
				<span class="noun">
					{" "}
					Also: {listed(alsoIn.map((name) => scenarioLabels[name]))}.
				</span>
			)}
		</p>
	);
}

function Facts({
	finding,
	isListed,
}: {
	readonly finding: Finding;
	readonly isListed: boolean;
}) {
	const { id, cluster, clusterName, budget, rule, runway, azure } = finding;
	const { additionalNodes, firstSeen, changedAt, subscription } = finding;
	const help = ruleWords(rule);
	return (
		<dl class="about">
			<Fact name="Cluster">
				<a href={hashOf({ view: "cluster", id: cluster })}>{clusterName}</a>{" "}
				<PortalLink id={cluster} />
			</Fact>
			{budget !== null && (
				<Fact name="Concerns">
					<BudgetLink budget={budget} cluster={cluster} />{" "}
					<PortalLink id={budget.id} />
				</Fact>
			)}
			<Fact name="Subscription">{subscription}</Fact>
			{additionalNodes !== null && Object.keys(additionalNodes).length > 0 && (
				<Fact name="Can add now">
					{Object.entries(additionalNodes)
						.map(([pool, nodes]) => `${pool}: ${amount(nodes, "nodes")}`)
						.join(", ")}
				</Fact>
			)}
			{runway !== null && <Fact name="Forecast">{runwayText(runway)}</Fact>}
			{azure !== null && budget !== null && (
				<Fact name="Azure's check">
					<PreflightText azure={azure} unit={budgetKinds[budget.kind].unit} />
				</Fact>
			)}
			<Fact name="Rule">
				{help === undefined ? (
					ruleTitle(rule)
				) : (
					<>
						{help.title} (
						<a href={help.link} rel="noreferrer">
							Microsoft's page
						</a>
						)
					</>
				)}
			</Fact>
			<Fact name="First seen">{timeText(firstSeen)}</Fact>
			{changedAt !== firstSeen && (
				<Fact name="Changed">{timeText(changedAt)}</Fact>
			)}
			{isListed && (
				<Fact name="Link">
					<a href={hashOf({ view: "finding", id })}>This finding alone</a>
				</Fact>
			)}
		</dl>
	);
}

function Fact({
	name,
	children,
}: {
	readonly name: string;
	readonly children: ComponentChildren;
}) {
	return (
		<div>
			<dt>{name}</dt>
			<dd>{children}</dd>
		</div>
	);
}
