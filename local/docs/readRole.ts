import {
	managementGroupActions,
	roleActions,
} from "../../shared/inventory/readActions.ts";
import { replacedBelow } from "./replacedBelow.ts";

/** infra/readRole.json: the actions of the custom role, which the Bicep files load. */
export function readRoleJson(): string {
	const role = { actions: roleActions, managementGroupActions };
	return `${JSON.stringify(role, null, "\t")}\n`;
}

const made =
	"<!-- npm run docs makes this list of shared/inventory/readActions.ts. Change it there. -->";

/** docs/deploy.md with the list of actions as the program has it. */
export function withReadActions(page: string): string {
	const actions = [
		...roleActions,
		...managementGroupActions.map(
			(action) => `${action}   (only at a management group)`,
		),
	];
	const list = ["```text", ...actions, "```"].join("\n");
	return replacedBelow(page, "docs/deploy.md", made, list);
}
