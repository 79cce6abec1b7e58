import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { cardOf, nodesOf } from "./cardText.ts";

/** Its modules name each other without an extension, which only bundlers find: this is the bundled file. */
const {
	AdaptiveCard,
	SerializationContext,
	Versions,
}: typeof import("adaptivecards") = createRequire(import.meta.url)(
	"adaptivecards/dist/adaptivecards.js",
);

/*
 * Of Adaptive Cards 1.4, the elements and properties that the alerts use, and nothing else. Microsoft publishes the
 * whole schema on its website, but in no npm package.
 */

const spacing = { enum: ["none", "small", "default", "medium"] };
const color = { enum: ["default", "accent", "good", "warning", "attention"] };
const weight = { const: "bolder" };
const element = {
	id: { type: "string", minLength: 1 },
	isVisible: { type: "boolean" },
	spacing,
	separator: { type: "boolean" },
};

function typed(
	type: string,
	required: readonly string[],
	properties: Readonly<Record<string, object>>,
) {
	return {
		type: "object",
		required: ["type", ...required],
		properties: { type: { const: type }, ...properties },
		additionalProperties: false,
	};
}

const one = (name: string) => ({ $ref: `#/$defs/${name}` });
const list = (name: string) => ({
	type: "array",
	minItems: 1,
	items: one(name),
});

const schema = {
	$defs: {
		element: {
			oneOf: [
				"textBlock",
				"richTextBlock",
				"container",
				"columnSet",
				"actionSet",
			].map(one),
		},
		textBlock: typed("TextBlock", ["text"], {
			...element,
			text: { type: "string" },
			wrap: { const: true },
			size: { const: "large" },
			weight,
			color,
			isSubtle: { type: "boolean" },
		}),
		richTextBlock: typed("RichTextBlock", ["inlines"], {
			...element,
			inlines: list("textRun"),
		}),
		textRun: typed("TextRun", ["text"], {
			text: { type: "string" },
			weight,
			color,
			isSubtle: { type: "boolean" },
		}),
		container: typed("Container", ["items"], {
			...element,
			items: list("element"),
			style: { const: "emphasis" },
		}),
		columnSet: typed("ColumnSet", ["columns"], {
			...element,
			columns: list("column"),
		}),
		column: typed("Column", ["items", "width"], {
			...element,
			items: list("element"),
			width: { enum: ["auto", "stretch"] },
			verticalContentAlignment: { enum: ["top", "center", "bottom"] },
			selectAction: one("toggle"),
		}),
		actionSet: typed("ActionSet", ["actions"], {
			...element,
			actions: list("openUrl"),
		}),
		openUrl: typed("Action.OpenUrl", ["title", "url"], {
			title: { type: "string" },
			url: { type: "string", pattern: "^https?://" },
		}),
		// The schema does not ask for its targets. Phones do.
		toggle: typed("Action.ToggleVisibility", ["title", "targetElements"], {
			title: { type: "string" },
			targetElements: {
				type: "array",
				minItems: 1,
				items: { type: "string" },
			},
		}),
	},
	...typed("AdaptiveCard", ["version", "body"], {
		$schema: { const: "http://adaptivecards.io/schemas/adaptive-card.json" },
		version: { const: "1.4" },
		body: list("element"),
		msteams: { const: { width: "Full" } },
	}),
};

const validate = new Ajv({ discriminator: false }).compile(schema);

/** What is wrong with the card inside a post. Empty where it is valid. */
export function faultsOf(body: string): string[] {
	const card = cardOf(body);
	validate(card);
	const faults = (validate.errors ?? []).map(
		({ instancePath, message }) => `${instancePath} ${message}`,
	);
	return [...faults, ...libraryFaults(card), ...toggleFaults(card)];
}

/** What the official library says as it reads a card of this version. */
function libraryFaults(content: unknown): string[] {
	const context = new SerializationContext(Versions.v1_4);
	const card = new AdaptiveCard();
	card.parse(content, context);
	const events = Array.from(
		{ length: context.eventCount },
		(_, index) => context.getEventAt(index).message,
	);
	const { validationEvents } = card.validateProperties();
	return [...events, ...validationEvents.map(({ message }) => message)];
}

/** IDs are unique, and what is folded away can be opened. */
function toggleFaults(content: unknown): string[] {
	const nodes = nodesOf(content);
	const ids = nodes.flatMap(({ id }) => (id === undefined ? [] : [id]));
	const targets = nodes.flatMap(({ targetElements }) =>
		Array.isArray(targetElements) ? targetElements : [],
	);
	const hidden = nodes.filter(({ isVisible }) => isVisible === false);
	return [
		...(new Set(ids).size === ids.length ? [] : ["an ID is there twice"]),
		...targets.filter((id) => !ids.includes(id)).map((id) => `no ${id}`),
		...hidden
			.filter(({ id }) => !targets.includes(id))
			.map(({ id }) => `nothing opens ${id}`),
	];
}
