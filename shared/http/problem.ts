/** An error of a call, as RFC 9457 defines it. `field` names what is wrong, and each detail is a sentence that names it too. */
export class Problem extends Error {
	readonly status: number;
	readonly title: string;
	readonly field: string | null;
	/** The faults of a body where there are several, each with its field. Null where `field` says it all. */
	readonly errors: readonly Fault[] | null;
	/** When the same call may succeed. Null: nobody can say. */
	readonly retryAfterSeconds: number | null;

	constructor(
		status: number,
		title: string,
		detail: string,
		field: string | null = null,
		errors: readonly Fault[] | null = null,
		retryAfterSeconds: number | null = null,
	) {
		super(detail);
		this.status = status;
		this.title = title;
		this.field = field;
		this.errors = errors;
		this.retryAfterSeconds = retryAfterSeconds;
	}
}

export interface Fault {
	readonly field: string;
	readonly detail: string;
}

/** All that is wrong with a body at once, so that nobody fixes it one call at a time. */
export function badBody(faults: readonly Fault[]): Problem {
	const detail = faults.map(({ detail }) => detail).join(" ");
	return new Problem(
		400,
		"Bad request",
		detail,
		faults[0]?.field ?? null,
		faults.length > 1 ? faults : null,
	);
}

export function badRequest(field: string, detail: string): Problem {
	return new Problem(400, "Bad request", detail, field);
}

export function notFound(detail: string): Problem {
	return new Problem(404, "Not found", detail);
}
