/** One entry of `error.details` as Resource Graph writes it. -1 where it does not know the place. */
interface QueryErrorDetail {
	readonly code: "ParserFailure" | "InvalidQueryLanguage";
	readonly message: string;
	readonly line: number;
	readonly characterPositionInLine: number;
	readonly token: string;
}

/** The query is refused: it does not parse, does not fit the schema or leaves the supported subset. */
export class InvalidQuery extends Error {
	readonly details: readonly QueryErrorDetail[];

	constructor(details: readonly QueryErrorDetail[]) {
		super(
			`Query is invalid: ${details.map((detail) => detail.message).join(" ")}`,
		);
		this.name = "InvalidQuery";
		this.details = details;
	}
}

/**
 * A construct outside the subset. Resource Graph itself answers `InvalidQueryLanguage` with the operator in `token`
 * (Azure/azure-powershell#13762, `parse`). Only the message is ours.
 */
export function unsupported(token: string, reason: string): InvalidQuery {
	return new InvalidQuery([
		{
			code: "InvalidQueryLanguage",
			message: `'${token}' is not supported: ${reason}.`,
			line: -1,
			characterPositionInLine: -1,
			token,
		},
	]);
}
