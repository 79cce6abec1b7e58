import { useState } from "preact/hooks";

const shownMs = 2_000;

/** Copies a text, and says whether that worked. */
export function CopyButton({
	text,
	name,
}: {
	readonly text: string;
	readonly name: string;
}) {
	const [said, setSaid] = useState<string | null>(null);
	const copy = async () => {
		setSaid(await copied(text));
		setTimeout(() => setSaid(null), shownMs);
	};
	return (
		<button type="button" class="button copy" aria-label={name} onClick={copy}>
			<span aria-live="polite">{said ?? "Copy"}</span>
		</button>
	);
}

/** A page from a file or over plain http may have no clipboard. */
async function copied(text: string): Promise<string> {
	try {
		await navigator.clipboard.writeText(text);
		return "Copied";
	} catch (error) {
		return error instanceof Error ? "Not allowed" : String(error);
	}
}
