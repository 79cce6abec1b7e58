import { expect, it } from "vitest";
import { queries } from "../../shared/inventory/queries.ts";
import {
	managementGroupActions,
	readActions,
	roleActions,
} from "../../shared/inventory/readActions.ts";
import { subscriptionsQuery } from "../../shared/inventory/subscriptions.ts";

const asked = { ...queries, subscriptions: subscriptionsQuery };

/** Types of a query's rows, lower case. */
function typesIn(kql: string): string[] {
	return [...kql.matchAll(/type (?:=~|in~) (\([^)]*\)|'[^']*')/g)].flatMap(
		([, list = ""]) =>
			[...list.matchAll(/'([^']+)'/g)].map(([, one]) => `${one}`),
	);
}

it.each(Object.entries(asked))(
	"the query %s may read the types that it asks for, and no other",
	(name, { kql }) => {
		const types = typesIn(kql);
		expect(types.length).toBeGreaterThan(0);
		const given: readonly string[] =
			readActions[name as keyof typeof readActions];
		const read = given.map((action) => action.toLowerCase());
		for (const type of types) expect(read).toContain(`${type}/read`);
		// Subnets are inside of their network's row, and a resource of their own.
		for (const action of read)
			expect([...types, ...types.map((type) => `${type}/subnets`)]).toContain(
				action.replace(/\/read$/, ""),
			);
	},
);

it("only reads, and names every type whole", () => {
	for (const action of [...roleActions, ...managementGroupActions])
		expect(action).toMatch(/^Microsoft\.\w+(\/\w+)+\/read$/);
});
