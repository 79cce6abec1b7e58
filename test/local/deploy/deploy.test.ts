import { expect, it } from "vitest";
import {
	type AzAnswer,
	assignGroupRole,
	uploadPackage,
} from "../../../local/deploy/deploy.ts";

const to = {
	// azd can deploy to another subscription than the one that the Azure CLI is set to.
	subscription: "11111111-1111-1111-1111-111111111111",
	resourceGroup: "rg",
	app: "func-a",
	zip: "/a.zip",
};
const role = {
	managementGroup: "mg-platform",
	principalId: "66666666-6666-6666-6666-666666666666",
	environmentName: "prod",
	location: "westeurope",
	useReader: false,
};
const tooEarly =
	"ERROR: InaccessibleStorageException: BlobUploadFailedException: 403 (This request is not authorized to perform this operation.)";

function fake(...answers: readonly AzAnswer[]) {
	const commands: string[] = [];
	const lines: string[] = [];
	let seconds = 0;
	return {
		commands,
		lines,
		waited: () => seconds,
		az: async (args: readonly string[]) => {
			commands.push(args.join(" "));
			return answers[Math.min(commands.length, answers.length) - 1] as AzAnswer;
		},
		clock: {
			log: (line: string) => lines.push(line),
			wait: async (more: number) => {
				seconds += more;
			},
		},
	};
}

it("uploads again while the app's roles are not effective", async () => {
	const { az, clock, commands, waited } = fake(
		{ ok: false, text: tooEarly },
		{ ok: false, text: tooEarly },
		{ ok: true, text: "" },
	);
	await uploadPackage(az, to, clock);
	expect(commands).toEqual(
		Array(3).fill(
			"functionapp deployment source config-zip --resource-group rg --name func-a --src /a.zip --subscription 11111111-1111-1111-1111-111111111111",
		),
	);
	expect(waited()).toBe(60);
});

it("gives up after ten minutes, with what az said", async () => {
	const { az, clock, commands } = fake({ ok: false, text: tooEarly });
	await expect(uploadPackage(az, to, clock)).rejects.toThrow(
		/^The package was not deployed: ERROR: InaccessibleStorageException/,
	);
	expect(commands).toHaveLength(20);
});

it("does not repeat any other error", async () => {
	const { az, clock, commands } = fake({ ok: false, text: "not logged in" });
	await expect(uploadPackage(az, to, clock)).rejects.toThrow("not logged in");
	expect(commands).toHaveLength(1);
});

it("assigns the role at the management group, again where the new role is not known yet", async () => {
	const { az, clock, commands, lines } = fake(
		{ ok: false, text: "RoleDefinitionDoesNotExist" },
		{ ok: true, text: "" },
	);
	await assignGroupRole(az, "/project", role, clock);
	expect(commands[1]).toBe(
		"deployment mg create --name aks-subnet-auditor-prod --management-group-id mg-platform --location westeurope --template-file /project/infra/managementGroup.bicep --parameters principalId=66666666-6666-6666-6666-666666666666 environmentName=prod useReader=false",
	);
	expect(lines.at(-1)).toContain("is assigned");
});

it("prints the command for somebody who may, and goes on", async () => {
	const { az, clock, lines } = fake({ ok: false, text: "AuthorizationFailed" });
	await assignGroupRole(az, "/project", role, clock);
	expect(lines.at(-1)).toMatch(
		/Ask an Owner of that group to run this:\n\naz deployment mg create/,
	);
});
