import { networkOfBudget, parseArmId } from "../../shared/arm.ts";
import { useReport } from "../context.ts";

/** A link to a resource in the Azure portal of its cloud. Nothing for what is not a resource of Azure. */
export function PortalLink({ id }: { readonly id: string }) {
	const { portal } = useReport();
	const href = portal === null ? null : portalAddress(portal, id);
	if (href === null) return null;
	return (
		<a class="portal" href={href} target="_blank" rel="noopener noreferrer">
			Azure portal
		</a>
	);
}

/** A subnet is shown in the list of its network: it has no page of its own. */
export function portalAddress(portal: string, id: string): string | null {
	if (parseArmId(id) === null || id.split("/").length % 2 === 0) return null;
	const network = networkOfBudget(id);
	const resource =
		network !== null && network !== id ? `${network}/subnets` : id;
	return `${portal}/#resource${encodeURI(resource)}`;
}
