/**
 * Lets the whole process take its time from a clock: `new Date()` and `Date.now()` answer with it. Returns how to undo
 * that. Timeouts and `performance.now()` stay real.
 */
export function moveDate(now: () => number): () => void {
	const real = globalThis.Date;
	globalThis.Date = new Proxy(real, {
		construct: (target, args, newTarget) =>
			Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
		apply: () => new real(now()).toString(),
		get: (target, name) =>
			name === "now" ? now : Reflect.get(target, name, target),
	});
	return () => {
		globalThis.Date = real;
	};
}
