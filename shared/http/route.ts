import type * as v from "valibot";

/** A route as callers see it. The document is made of these, and a test holds them equal to what functions register. */
export interface Route {
	/** The name of its function, and of its operation in the document. */
	readonly name: string;
	readonly method: "get" | "head" | "post" | "put" | "delete";
	/** Below /api, as the function registers it. */
	readonly path: string;
	/** `key` if it is not there. */
	readonly access?: Access;
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

/**
 * Who may call a route: who has a function key, who is signed in, both, or anybody. One that takes both is there twice:
 * the Functions host checks either keys or nothing at all.
 */
export type Access = "key" | "sign-in" | "both" | "anybody";

/** Below it are the routes for who is signed in. */
export const signedInFolder = "report/data";

export function signedInPath(path: string): string {
	return `${signedInFolder}/${path}`;
}

export const tags = {
	Audits: "Starts audits and shows how they went.",
	Findings: "What the audits found.",
	Capacity: "Budgets with capacity and demand, now and over time.",
	Checks: "Changes that would fit, or not.",
	Acceptances: "Findings that somebody decided to live with.",
	Report: "The page, and what it needs to know.",
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
