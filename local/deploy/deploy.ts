import { join } from "node:path";

/** What `az` answered: the texts of both streams. */
export interface AzAnswer {
	readonly ok: boolean;
	readonly text: string;
}

/** Runs the Azure CLI with these arguments. Throws if it is not installed. */
export type Az = (args: readonly string[]) => Promise<AzAnswer>;

export interface DeployTo {
	/** Null: the one that the Azure CLI is set to. */
	readonly subscription: string | null;
	readonly resourceGroup: string;
	readonly app: string;
	readonly zip: string;
}

interface Clock {
	readonly log: (line: string) => void;
	readonly wait: (seconds: number) => Promise<void>;
}

const waitSeconds = 30;
/** Azure says that a new role can take up to ten minutes. */
const mostTries = 20;

/**
 * Uploads the package. A new app is refused its own storage until its roles are effective: that 403 is tried again for
 * ten minutes, and nothing else is. Throws with the answer of `az`.
 */
export async function uploadPackage(
	az: Az,
	{ subscription, resourceGroup, app, zip }: DeployTo,
	{ log, wait }: Clock,
): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		const { ok, text } = await az([
			"functionapp",
			"deployment",
			"source",
			"config-zip",
			"--resource-group",
			resourceGroup,
			"--name",
			app,
			"--src",
			zip,
			...(subscription === null ? [] : ["--subscription", subscription]),
		]);
		if (ok) return;
		if (!isTooEarly(text) || attempt === mostTries)
			throw new Error(`The package was not deployed: ${text.trim()}`);
		log(
			`The app's roles are not effective yet. Next try in ${waitSeconds} seconds (${attempt} of ${mostTries}).`,
		);
		await wait(waitSeconds);
	}
}

/** Key Vault and storage answer 403 to an identity whose role is on its way. */
function isTooEarly(text: string): boolean {
	return /InaccessibleStorage|BlobUploadFailed|AuthorizationPermissionMismatch|not authorized to perform this operation/i.test(
		text,
	);
}

export interface GroupRole {
	readonly managementGroup: string;
	readonly principalId: string;
	readonly environmentName: string;
	readonly location: string;
	readonly useReader: boolean;
}

/** The command that assigns the role at the management group. Owner or User Access Administrator there can run it. */
export function groupRoleCommand(
	root: string,
	{
		managementGroup,
		principalId,
		environmentName,
		location,
		useReader,
	}: GroupRole,
): string[] {
	return [
		"deployment",
		"mg",
		"create",
		"--name",
		`aks-subnet-auditor-${environmentName}`,
		"--management-group-id",
		managementGroup,
		"--location",
		location,
		"--template-file",
		join(root, "infra", "managementGroup.bicep"),
		"--parameters",
		`principalId=${principalId}`,
		`environmentName=${environmentName}`,
		`useReader=${useReader}`,
	];
}

/**
 * Assigns the role at the management group. Where this user may not, it prints the command for somebody who may: the
 * app is deployed all the same, and its audits say what they cannot see.
 */
export async function assignGroupRole(
	az: Az,
	root: string,
	role: GroupRole,
	{ log, wait }: Clock,
): Promise<void> {
	const command = groupRoleCommand(root, role);
	// A new role definition is not known everywhere at once.
	for (let attempt = 1; attempt <= 2; attempt++) {
		const { ok, text } = await az(command);
		if (ok) {
			log(`The role at management group ${role.managementGroup} is assigned.`);
			return;
		}
		log(text.trim());
		if (attempt === 1) await wait(waitSeconds);
	}
	log(
		`The role at management group ${role.managementGroup} is not assigned. Ask an Owner of that group to run this:\n\naz ${command.join(" ")}\n`,
	);
}
