import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/**
 * A table that may be wider than the page. Where it is, it says so, has a shadow at the edge that hides something, and
 * scrolls by key.
 */
export function Scroll({
	of,
	children,
}: {
	/** What scrolls, for who reads by ear. */
	readonly of: string;
	readonly children: ComponentChildren;
}) {
	const frame = useRef<HTMLElement>(null);
	const isWider = useIsWider(frame);
	return (
		<>
			{isWider && (
				<p class="scroll-hint" aria-hidden="true">
					Scroll sideways to see all columns →
				</p>
			)}
			<section
				class="scroll"
				ref={frame}
				aria-label={isWider ? of : undefined}
				tabIndex={isWider ? 0 : undefined}
			>
				{children}
			</section>
		</>
	);
}

/** Whether the content of an element does not fit into its width, as the page is resized. */
function useIsWider(element: { readonly current: HTMLElement | null }) {
	const [isWider, setWider] = useState(false);
	useLayoutEffect(() => {
		const { current } = element;
		if (current === null) return;
		const measure = () =>
			setWider(current.scrollWidth > current.clientWidth + 1);
		measure();
		const observer = new ResizeObserver(measure);
		observer.observe(current);
		if (current.firstElementChild) observer.observe(current.firstElementChild);
		return () => observer.disconnect();
	}, [element]);
	return isWider;
}
