import { useRef, useState } from "preact/hooks";
import type { Acceptance, Finding } from "../../../shared/contract.ts";
import {
	expiryText,
	longestOwner,
	longestReason,
} from "../../../shared/findings/acceptance.ts";
import { dayMs } from "../../../shared/time.ts";
import { useReport } from "../../context.ts";
import type { Acceptable, Acceptances } from "../../data/reportData.ts";

/** Who lives with a finding and until when; where the door allows it, a form to accept it or to withdraw that. */
export function AcceptancePart({
	finding,
	level,
}: {
	readonly finding: Finding;
	readonly level: 2 | 3 | 4;
}) {
	const { data } = useReport();
	const { acceptance, state } = finding;
	const { acceptances } = data;
	const Title = `h${level}` as const;
	const section = useRef<HTMLElement>(null);
	// The button that somebody pressed goes: by key one goes on from here.
	const goOn = () => section.current?.focus();
	const canAccept =
		acceptances !== null && acceptance === null && state === "open";
	if (acceptance === null && !canAccept) return null;
	return (
		<section class="acceptance" ref={section} tabIndex={-1}>
			<Title>{acceptance === null ? "Live with it" : "Accepted"}</Title>
			{acceptance !== null && (
				<Given
					finding={finding}
					acceptance={acceptance}
					acceptances={acceptances}
					goOn={goOn}
				/>
			)}
			{canAccept && (
				<Form finding={finding} acceptances={acceptances} goOn={goOn} />
			)}
		</section>
	);
}

const scopes: Readonly<Record<Acceptance["by"], string>> = {
	finding: "",
	budget: " with everything on the same budget",
	tag: " by a tag of its cluster",
};

function Given({
	finding,
	acceptance,
	acceptances,
	goOn,
}: {
	readonly finding: Finding;
	readonly acceptance: Acceptance;
	readonly acceptances: Acceptances | null;
	readonly goOn: () => void;
}) {
	const { reason, owner, expiry, by } = acceptance;
	const [run, problem, isBusy] = useAction(goOn);
	const what = coveredBy(by, finding);
	return (
		<>
			<p>
				Accepted{scopes[by]} until {expiryText(expiry)}, owner {owner}: {reason}
			</p>
			{acceptances !== null && what !== null && (
				<button
					type="button"
					class="button"
					disabled={isBusy}
					onClick={() => run(() => acceptances.withdraw(what))}
				>
					Withdraw
				</button>
			)}
			{problem !== null && (
				<p class="wrong" role="alert">
					{problem}
				</p>
			)}
		</>
	);
}

/** Null: a tag is withdrawn in Azure. */
function coveredBy(by: Acceptance["by"], finding: Finding): Acceptable | null {
	switch (by) {
		case "finding":
			return { by, id: finding.id };
		case "budget":
			return finding.budget && { by, id: finding.budget.id };
		case "tag":
			return null;
	}
}

function Form({
	finding,
	acceptances,
	goOn,
}: {
	readonly finding: Finding;
	readonly acceptances: Acceptances;
	readonly goOn: () => void;
}) {
	const { data } = useReport();
	const { viewer } = data;
	const [isShown, setShown] = useState(false);
	const [reason, setReason] = useState("");
	const [owner, setOwner] = useState(
		viewer.door === "sign-in" ? viewer.name : "",
	);
	const [expiry, setExpiry] = useState(() => dayAfter(90));
	const [by, setBy] = useState<"finding" | "budget">("finding");
	const [run, problem, isBusy] = useAction(goOn);
	const close = () => {
		setShown(false);
		goOn();
	};
	if (!isShown)
		return (
			<button type="button" class="button" onClick={() => setShown(true)}>
				Accept …
			</button>
		);

	const submit = (event: Event) => {
		event.preventDefault();
		const what = coveredBy(by, finding);
		if (what === null) return;
		run(async () => {
			await acceptances.accept(what, { reason, owner, expiry });
		});
	};
	return (
		<form
			class="accept"
			onSubmit={submit}
			onKeyDown={({ key }) => {
				if (key === "Escape") close();
			}}
		>
			<p class="noun">
				It stays in the list. It alerts again only when it worsens or the
				acceptance expires.
			</p>
			<label>
				Reason
				<textarea
					ref={focusOn}
					required
					maxLength={longestReason}
					rows={2}
					value={reason}
					onInput={(event) => setReason(event.currentTarget.value)}
				/>
			</label>
			<label>
				Owner
				<input
					required
					maxLength={longestOwner}
					value={owner}
					onInput={(event) => setOwner(event.currentTarget.value)}
				/>
			</label>
			<label>
				Until
				<input
					type="date"
					required
					min={dayAfter(1)}
					max={dayAfter(365)}
					value={expiry}
					onInput={(event) => setExpiry(event.currentTarget.value)}
				/>
			</label>
			{finding.budget !== null && (
				<label>
					Covers
					<select
						value={by}
						onChange={(event) =>
							setBy(
								event.currentTarget.value === "budget" ? "budget" : "finding",
							)
						}
					>
						<option value="finding">this finding</option>
						<option value="budget">
							everything about {finding.budget.name}
						</option>
					</select>
				</label>
			)}
			{problem !== null && (
				<p class="wrong" role="alert">
					{problem}
				</p>
			)}
			<p>
				<button type="submit" class="button primary" disabled={isBusy}>
					Accept
				</button>{" "}
				<button type="button" class="button" onClick={close}>
					Cancel
				</button>
			</p>
		</form>
	);
}

/** Who opens the form goes on in its first field. */
function focusOn(field: HTMLElement | null): void {
	field?.focus();
}

/** Runs a change; then everything is read again. The message is why it failed. */
function useAction(
	done: () => void,
): [(change: () => Promise<void>) => void, string | null, boolean] {
	const { refresh } = useReport();
	const [problem, setProblem] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const run = (change: () => Promise<void>) => {
		setBusy(true);
		setProblem(null);
		change()
			.then(
				() => {
					refresh();
					done();
				},
				(error: unknown) =>
					setProblem(error instanceof Error ? error.message : String(error)),
			)
			.finally(() => setBusy(false));
	};
	return [run, problem, isBusy];
}

/** "2027-02-26": the day that many days from now, in UTC. */
function dayAfter(days: number): string {
	return new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);
}
