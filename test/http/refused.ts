import { Problem } from "../../shared/http/problem.ts";

/** The Problem that reading something throws. */
export function refused(read: () => unknown): Problem {
	try {
		read();
	} catch (error) {
		if (error instanceof Problem) return error;
		throw error;
	}
	throw new Error("it was taken");
}
