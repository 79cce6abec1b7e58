import type { ComponentChildren } from "preact";
import type { Loaded } from "../context.ts";

/** What was read, or that it is being read, or why it cannot be. */
export function Reading<T>({
	of,
	children,
	missing,
}: {
	readonly of: Loaded<T>;
	readonly children: (value: T) => ComponentChildren;
	/** In place of an error, where the server has nothing of the kind. */
	readonly missing?: (reason: string) => ComponentChildren;
}) {
	switch (of.state) {
		case "reading":
			return <p class="quiet">Reading …</p>;
		case "failed":
			if (of.error.status === 404 && missing !== undefined)
				return <>{missing(of.error.message)}</>;
			return (
				<p class="problem" role="alert">
					{of.error.message}
				</p>
			);
		case "read":
			return <>{children(of.value)}</>;
	}
}
