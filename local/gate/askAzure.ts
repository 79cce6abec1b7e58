import { createArmReader } from "../../shared/azure/armReader.ts";
import { createPacer } from "../../shared/azure/pacer.ts";
import { createRead } from "../../shared/azure/readQuery.ts";
import { resourceGraphClient } from "../../shared/azure/resourceGraphClient.ts";
import { check } from "../../shared/checks/check.ts";
import type {
	CheckAnswer,
	CheckRequest,
} from "../../shared/checks/contract.ts";
import { WrongRequest } from "../../shared/checks/wrongRequest.ts";
import { AccessDenied } from "../../shared/inventory/reader.ts";
import { checkSettings } from "../../shared/settings/audit.ts";
import { SettingsError } from "../../shared/settings/environment.ts";
import { CouldNotRun } from "./couldNotRun.ts";

/**
 * Asks Azure itself, as the signed-in user of the Azure CLI, with the settings of the environment: the cloud and the
 * thresholds. Nothing is known of earlier audits. Throws `CouldNotRun`.
 */
export async function askAzure(
	request: CheckRequest,
	env: Readonly<Record<string, string | undefined>>,
): Promise<CheckAnswer> {
	try {
		const settings = checkSettings(env);
		const { cloud } = settings;
		const log = () => undefined;
		return await check(request, {
			readFrom: createRead({
				client: resourceGraphClient(cloud),
				pacer: createPacer(),
				log,
			}),
			readArm: createArmReader({ cloud, log }),
			before: {
				memory: { withClusters: [], missing: {} },
				lookUp: async () => new Map(),
			},
			settings,
			now: () => new Date(),
		});
	} catch (error) {
		throw error instanceof WrongRequest ||
			error instanceof AccessDenied ||
			error instanceof SettingsError
			? new CouldNotRun(error.message)
			: error;
	}
}
