/** What the build says of a rule. The rules themselves would bring the whole auditor into the page. */
interface RuleWords {
	readonly id: string;
	readonly title: string;
	/** What it means, in sentences. */
	readonly meaning: string;
	/** Microsoft's page about it. */
	readonly link: string;
}

declare const RULES: readonly RuleWords[];

/** In the order in which a report lists them. */
export const rules = RULES;

/** The ID alone for a rule of another release. */
export function ruleTitle(id: string): string {
	return ruleWords(id)?.title ?? id;
}

export function ruleWords(id: string): RuleWords | undefined {
	return rules.find((one) => one.id === id);
}
