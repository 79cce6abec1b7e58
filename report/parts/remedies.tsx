import type { Remedy } from "../../shared/contract.ts";
import { TryIt } from "../check/tryIt.tsx";
import { CopyButton } from "./copyButton.tsx";

/** What to do, the best first, each with its commands. */
export function Remedies({
	remedies,
}: {
	readonly remedies: readonly Remedy[];
}) {
	return (
		<ol class="remedies">
			{remedies.map(({ kind, title, detail, command, change }) => (
				<li key={`${kind} ${title}`}>
					<strong>{title}</strong>
					{detail.length > 0 && (
						<ul class="detail">
							{detail.map((line) => (
								<li key={line}>{line}</li>
							))}
						</ul>
					)}
					{command.map((line) => (
						<div class="command" key={line}>
							{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long command scrolls, also by key */}
							<pre tabIndex={0}>
								<code>{line}</code>
							</pre>
							<CopyButton text={line} name="Copy the command" />
						</div>
					))}
					{change !== undefined && <TryIt change={change} />}
				</li>
			))}
		</ol>
	);
}
