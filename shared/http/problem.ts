/** An error of a call, as RFC 9457 has it; `field` names what was wrong. */
export class Problem extends Error {
	readonly status: number;
	readonly title: string;
	readonly field: string | null;

	constructor(
		status: number,
		title: string,
		detail: string,
		field: string | null = null,
	) {
		super(detail);
		this.status = status;
		this.title = title;
		this.field = field;
	}
}

export function badRequest(field: string, detail: string): Problem {
	return new Problem(400, "Bad request", `${field}: ${detail}`, field);
}

export function notFound(detail: string): Problem {
	return new Problem(404, "Not found", detail);
}
