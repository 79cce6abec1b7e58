import * as v from "valibot";

/** What the channel's flow posts: MicrosoftDocs/msteams-docs#11274 has the limit as Teams states it. */
const maxQuotedBytes = 28_672;

const card = v.object({
	type: v.literal("AdaptiveCard", 'the type is not "AdaptiveCard"'),
	version: v.pipe(
		v.string("there is no version"),
		v.regex(
			/^1\.[0-4]$/,
			"the version is not 1.0 to 1.4, which every tenant shows",
		),
	),
	body: v.array(v.looseObject({ type: v.string() }), "there is no body"),
});

const envelope = v.object({
	type: v.literal("message", 'the type is not "message"'),
	attachments: v.pipe(
		v.array(
			v.object({
				contentType: v.literal(
					"application/vnd.microsoft.card.adaptive",
					"an attachment is not an adaptive card",
				),
				content: card,
			}),
			"there are no attachments",
		),
		v.minLength(1, "there are no attachments"),
	),
});

/** Why the flow would fail on this post after it has been accepted. Null: it would not. */
export function refusal(text: string, posted: unknown): string | null {
	// Teams counts the card with its quotation marks escaped.
	const bytes = Buffer.byteLength(JSON.stringify(text));
	if (bytes > maxQuotedBytes)
		return `the post is ${bytes} bytes as Teams counts them, at most ${maxQuotedBytes} are accepted`;

	const { issues } = v.safeParse(envelope, posted);
	if (!issues) return null;
	const [{ message, path }] = issues;
	const place = path?.map(({ key }) => String(key)).join(".");
	return place ? `${message} (${place})` : message;
}
