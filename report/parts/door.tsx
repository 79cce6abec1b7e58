import { useState } from "preact/hooks";
import { type Door, keepFragment, keepKey } from "../data/door.ts";

/** What somebody sees who is not in yet. Nothing here says anything about the fleet. */
export function DoorView({
	door,
	enter,
}: {
	readonly door: Exclude<Door, { kind: "inside" }>;
	readonly enter: () => void;
}) {
	return (
		<main class="door">
			<h1>AKS subnet auditor</h1>
			{contentOf(door, enter)}
		</main>
	);
}

function contentOf(door: Exclude<Door, { kind: "inside" }>, enter: () => void) {
	switch (door.kind) {
		case "sign-in":
			return (
				<>
					<p>Sign in to see the report.</p>
					<a class="button primary" href={door.address} onClick={keepFragment}>
						Sign in
					</a>
				</>
			);
		case "key":
			return <KeyForm isRefused={door.isRefused} enter={enter} />;
		case "closed":
			return (
				<>
					<p role="alert">{door.reason}</p>
					<button type="button" class="button" onClick={enter}>
						Try again
					</button>
				</>
			);
	}
}

function KeyForm({
	isRefused,
	enter,
}: {
	readonly isRefused: boolean;
	readonly enter: () => void;
}) {
	const [key, setKey] = useState("");
	const submit = (event: Event) => {
		event.preventDefault();
		if (key.trim() === "") return;
		keepKey(key.trim());
		setKey("");
		enter();
	};
	return (
		<form onSubmit={submit}>
			<p>
				Enter a function key of the auditor. This tab keeps it until you close
				it.
			</p>
			{isRefused && (
				<p class="wrong" role="alert">
					This key is not accepted.
				</p>
			)}
			<label>
				Function key
				<input
					type="password"
					autocomplete="off"
					value={key}
					onInput={(event) => setKey(event.currentTarget.value)}
				/>
			</label>
			<button type="submit" class="button primary">
				Open the report
			</button>
		</form>
	);
}
