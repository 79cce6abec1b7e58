import type { ComponentChildren } from "preact";
import { lastName } from "../../shared/arm.ts";
import { type FindingsFilter, findingsHash } from "../route.ts";
import { PortalLink } from "./portal.tsx";

/** What a page is about: a resource of Azure by its kind and name, with the ways to Azure and to its findings. */
export function PageHead({
	noun,
	id,
	findings,
	children,
}: {
	readonly noun: string;
	/** ARM ID, lower case. */
	readonly id: string;
	/** Which findings are about it. */
	readonly findings: Partial<FindingsFilter>;
	readonly children?: ComponentChildren;
}) {
	return (
		<>
			<h1>
				<span class="noun">{noun}</span> {lastName(id)}
			</h1>
			<p class="id">
				{id} <PortalLink id={id} />
			</p>
			{children}
			<p>
				<a href={findingsHash(findings)}>Its findings</a>
			</p>
		</>
	);
}
