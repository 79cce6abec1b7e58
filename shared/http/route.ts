import type * as v from "valibot";

/** A route as callers see it. The document is made of these, and a test holds them equal to what functions register. */
export interface Route {
	/** The name of its function, and of its operation in the document. */
	readonly name: string;
	readonly method: "get" | "head" | "post" | "put" | "delete";
	/** Below /api, as the function registers it. */
	readonly path: string;
	/** True: it needs no key. */
	readonly anonymous?: true;
	readonly tag: Tag;
	/** One line. */
	readonly summary: string;
	readonly description?: string;
	readonly parameters: readonly Parameter[];
	readonly body?: {
		readonly required: boolean;
		readonly schema: v.GenericSchema;
		readonly example: unknown;
	};
	readonly answers: Readonly<Record<number, Answer>>;
}

export const tags = {
	Audits: "Starts audits and shows how they went.",
	Findings: "What the audits found.",
	Capacity: "Budgets with capacity and demand, now and over time.",
	Acceptances: "Findings that somebody decided to live with.",
	Service: "The auditor itself.",
} as const;
export type Tag = keyof typeof tags;

export interface Parameter {
	readonly in: "path" | "query" | "header";
	readonly name: string;
	readonly description: string;
	readonly required?: true;
	readonly schema: v.GenericSchema;
	readonly example?: unknown;
}

export interface Answer {
	readonly description: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** By media type; absent: no body. */
	readonly content?: Readonly<Record<string, Content>>;
}

export interface Content {
	readonly schema: v.GenericSchema;
	readonly example: unknown;
}
