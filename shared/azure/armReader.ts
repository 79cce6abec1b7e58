import type { TokenCredential } from "@azure/identity";
import { parseArmId } from "../arm.ts";
import type {
	ArmAnswer,
	ArmResource,
	ReadArm,
} from "../inventory/armAnswer.ts";
import { shortReason } from "../reason.ts";
import { retryAfterMilliseconds } from "../retryAfter.ts";
import type { Cloud } from "../settings/cloud.ts";
import { type Sleep, sleep } from "../time.ts";
import { azureCredential } from "./credential.ts";

/** By type, in lower case: the versions whose fields the parsers know. */
const apiVersions: Readonly<Record<string, string>> = {
	"microsoft.containerservice/managedclusters": "2025-05-01",
	"microsoft.network/virtualnetworks": "2024-05-01",
	"microsoft.network/routetables": "2024-05-01",
};

const attempts = 4;
const longestWait = 20_000;
/** A network with thousands of IP configurations takes some seconds. */
const answerTimeout = 20_000;
const mostAtOnce = 10;

export interface ArmReaderOptions {
	readonly cloud: Cloud;
	readonly log?: (message: string) => void;
	readonly wait?: Sleep;
}

/** GETs resources with the identity of the auditor. Plain http on loopback is sent no token. */
export function createArmReader({
	cloud,
	log = () => undefined,
	wait = sleep,
}: ArmReaderOptions): ReadArm {
	const token = tokenOf(cloud);
	const slot = slots(mostAtOnce);
	return (id) => slot(() => readOne(id));

	async function readOne(id: string): Promise<ArmAnswer> {
		const version = apiVersions[typeOf(id)];
		if (parseArmId(id) === null || version === undefined)
			return unreadable(`${id} is not a resource that the auditor reads.`);
		const url = `${cloud.endpoint}${id.split("/").map(encodeURIComponent).join("/")}?api-version=${version}`;
		for (let attempt = 1; ; attempt++) {
			const { answer, waitMs } = await send(url, id, token);
			if (waitMs === null || attempt >= attempts) return answer;
			const pause = Math.min(longestWait, waitMs || 500 * 2 ** attempt);
			log(`GET ${id}: try ${attempt + 1} in ${(pause / 1000).toFixed(1)} s`);
			await wait(pause);
		}
	}
}

/** `waitMs`: the same request may succeed after so long (0: nobody said how long). Null: it would not. */
interface Sent {
	readonly answer: ArmAnswer;
	readonly waitMs: number | null;
}

async function send(
	url: string,
	id: string,
	token: () => Promise<string | null>,
): Promise<Sent> {
	let response: Response;
	try {
		const bearer = await token();
		response = await fetch(url, {
			headers: {
				accept: "application/json",
				...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
			},
			redirect: "error",
			signal: AbortSignal.timeout(answerTimeout),
		});
		if (response.ok)
			return {
				answer: {
					kind: "resource",
					resource: (await response.json()) as ArmResource,
				},
				waitMs: null,
			};
	} catch (error) {
		return {
			answer: unreadable(`${id} could not be read: ${shortReason(error)}`),
			waitMs: 0,
		};
	}
	const { status, headers } = response;
	const code = await codeOf(response);
	const answer: ArmAnswer =
		status === 404 && code === "SubscriptionNotFound"
			? unreadable(`${id} is in a subscription that is not visible.`)
			: // A gateway's 404 has no code of Azure: it says nothing of the resource.
				status === 404 && code !== null
				? { kind: "missing" }
				: unreadable(
						status === 401 || status === 403
							? `${id} could not be read (${code ?? `status ${status}`}): the auditor's identity needs the role Reader there.`
							: `${id} could not be read: Azure answered ${status} (${code ?? "without a code"}).`,
					);
	const isPassing = status === 429 || status >= 500;
	return {
		answer,
		waitMs: isPassing
			? (retryAfterMilliseconds(headers.get("retry-after"), Date.now()) ?? 0)
			: null,
	};
}

/** The message of an error can name people: only its code is told. Null where there is none. */
async function codeOf(response: Response): Promise<string | null> {
	try {
		const body: unknown = await response.json();
		const code = Reflect.get(
			Object(Reflect.get(Object(body), "error")),
			"code",
		);
		return typeof code === "string" && /^\w{1,60}$/.test(code) ? code : null;
	} catch {
		// A gateway answers in HTML: then the status is all there is.
		return null;
	}
}

function unreadable(reason: string): ArmAnswer {
	return { kind: "unreadable", reason };
}

function typeOf(id: string): string {
	return id.toLowerCase().split("/").slice(6, 8).join("/");
}

function tokenOf(cloud: Cloud): () => Promise<string | null> {
	const { tokenScope, authorityHost } = cloud;
	if (tokenScope === null) return async () => null;
	const credential: TokenCredential = azureCredential({
		clientId: null,
		authorityHost,
	});
	return async () => (await credential.getToken(tokenScope))?.token ?? null;
}

/** Runs so many at once, the others in turn. */
function slots(most: number) {
	let free = most;
	const waiting: (() => void)[] = [];
	return async <T>(run: () => Promise<T>): Promise<T> => {
		if (free > 0) free -= 1;
		else await new Promise<void>((go) => waiting.push(go));
		try {
			return await run();
		} finally {
			const next = waiting.shift();
			if (next) next();
			else free += 1;
		}
	};
}
