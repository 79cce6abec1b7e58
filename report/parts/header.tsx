import type { Viewer } from "../data/reportData.ts";
import { findingsHash, hashOf, type Route } from "../route.ts";

const views = [
	{
		name: "Overview",
		href: hashOf({ view: "overview" }),
		holds: ["overview"],
	},
	{
		name: "Findings",
		href: findingsHash({}),
		holds: ["findings", "finding"],
	},
	{
		name: "Clusters",
		href: hashOf({ view: "clusters", verdict: [] }),
		holds: ["clusters", "cluster"],
	},
] as const satisfies readonly {
	readonly name: string;
	readonly href: string;
	readonly holds: readonly Route["view"][];
}[];

export function Header({
	route,
	viewer,
}: {
	readonly route: Route;
	readonly viewer: Viewer;
}) {
	return (
		<header class="bar">
			<a class="brand" href={hashOf({ view: "overview" })}>
				AKS subnet auditor
			</a>
			<nav aria-label="Views">
				{views.map(({ name, href, holds }) => {
					const isHere = holds.some((view) => view === route.view);
					return (
						<a href={href} aria-current={isHere ? "page" : undefined}>
							{name}
						</a>
					);
				})}
			</nav>
			{viewer.door === "sign-in" && <span class="viewer">{viewer.name}</span>}
		</header>
	);
}
