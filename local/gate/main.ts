import { writeFile } from "node:fs/promises";
import { askApi } from "./askApi.ts";
import { askAzure } from "./askAzure.ts";
import { CouldNotRun } from "./couldNotRun.ts";
import { asMarkdown } from "./formats/markdown.ts";
import { asText } from "./formats/text.ts";
import {
	type GateOptions,
	gateHelp,
	gateOptions,
	WrongUse,
} from "./options.ts";
import {
	type GateQuestion,
	isEmpty,
	questionOf,
	refuseNewPool,
} from "./request.ts";
import { type GateResult, gateResult } from "./result.ts";

const couldNotRun = 3;

async function main(): Promise<number> {
	const options = gateOptions(process.argv.slice(2));
	if (options === null) {
		console.log(gateHelp);
		return 0;
	}
	const question = await questionOf(options);
	const answer = isEmpty(question) ? null : await ask(options, question);
	if (answer !== null && options.subject.kind === "pool")
		refuseNewPool(answer, options.subject.pool);
	const result = gateResult(
		question.subject,
		question.planned,
		answer,
		options.failOn,
	);
	const formatted = await format(result, options);
	if (options.output === null) process.stdout.write(formatted);
	else {
		await writeFile(options.output, formatted);
		process.stdout.write(asText(result));
	}
	if (result.verdict === "tight" && result.exitCode === 0)
		say("Warning: it is tight, and --fail-on short lets it pass.");
	return result.exitCode;
}

function ask({ api }: GateOptions, { request, subject }: GateQuestion) {
	say(`Checking ${subject} …`);
	return api === null
		? askAzure(request, process.env)
		: askApi(api, process.env.AUDITOR_KEY, request, say);
}

/** Formats that few people use are loaded when they are asked for. */
async function format(
	result: GateResult,
	{ format, location, subject }: GateOptions,
): Promise<string> {
	switch (format) {
		case "text":
			return asText(result);
		case "markdown":
			return asMarkdown(result);
		case "json":
			return `${JSON.stringify(jsonOf(result), null, "\t")}\n`;
		case "sarif": {
			const { asSarif } = await import("./formats/sarif.ts");
			const file = "file" in subject ? subject.file : "aks-subnet-auditor";
			return asSarif(result, location ?? file);
		}
		case "junit": {
			const { asJunit } = await import("./formats/junit.ts");
			return asJunit(result);
		}
	}
}

function jsonOf(result: GateResult) {
	const { subject, verdict, exitCode, headline, unknown, notes } = result;
	return {
		subject,
		verdict,
		exitCode,
		headline,
		unknown,
		notes,
		answer: result.answer,
	};
}

/** Progress and warnings go to stderr: stdout is the answer alone. */
function say(text: string): void {
	process.stderr.write(`${text}\n`);
}

main().then(
	(code) => {
		process.exitCode = code;
	},
	(error: unknown) => {
		process.exitCode = couldNotRun;
		if (error instanceof WrongUse || error instanceof CouldNotRun)
			say(error.message);
		else say(`The gate could not run: ${reasonOf(error)}`);
	},
);

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
