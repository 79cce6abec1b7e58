import {
	Enums,
	Models,
	Serialize,
	SPDX,
	Spec,
} from "@cyclonedx/cyclonedx-library";
import type { BundledPackage, Manifest } from "./bundledPackages.ts";

/** CycloneDX 1.6 of what is in the bundle. Without a time and a serial number: the same commit makes the same bytes. */
export function billOfMaterials(
	own: Pick<Manifest, "name" | "version">,
	packages: readonly BundledPackage[],
): string {
	const program = new Models.Component(
		Enums.ComponentType.Application,
		own.name,
		{ version: own.version, bomRef: purl(own) },
	);
	const components = packages.map(({ manifest }) => component(manifest));
	const bom = new Models.Bom({
		metadata: new Models.Metadata({ component: program }),
		components: new Models.ComponentRepository(unique(components)),
	});
	const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
	const text = new Serialize.JsonSerializer(factory).serialize(bom, {
		sortLists: true,
		space: "\t",
	});
	return `${text}\n`;
}

function component(manifest: Manifest): Models.Component {
	const [, group, name = manifest.name] =
		/^(@[^/]+)\/(.+)$/.exec(manifest.name) ?? [];
	const address = purl(manifest);
	return new Models.Component(Enums.ComponentType.Library, name, {
		...(group === undefined ? {} : { group }),
		version: manifest.version,
		bomRef: address,
		purl: address,
		licenses: new Models.LicenseRepository(licences(manifest)),
	});
}

function licences({ license }: Manifest) {
	if (license === undefined) return [];
	return SPDX.isSupportedSpdxId(license)
		? [new Models.SpdxLicense(license)]
		: [new Models.LicenseExpression(license)];
}

/** The same version can be in two folders. */
function unique(components: readonly Models.Component[]) {
	return new Map(components.map((one) => [one.purl, one])).values();
}

/** https://github.com/package-url/purl-spec: the @ of a scope is escaped. */
function purl({ name, version }: Pick<Manifest, "name" | "version">): string {
	return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}
