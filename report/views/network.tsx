import { useState } from "preact/hooks";
import {
	bounds,
	freeRanges,
	ipv4Of,
	lowestFit,
	usableAddresses,
} from "../../shared/cidr.ts";
import { budgetKinds } from "../../shared/model/budgetKinds.ts";
import { worstVerdict } from "../../shared/model/verdictOrder.ts";
import { grouped, listed } from "../../shared/text.ts";
import {
	type AddressItem,
	AddressMap,
	MapLegend,
	usedText,
} from "../charts/addressMap.tsx";
import { lengthOf } from "../charts/addressRows.ts";
import { useLoaded, useReport } from "../context.ts";
import type { NetworkMap } from "../data/answers.ts";
import { Reading } from "../parts/loading.tsx";
import { PageHead } from "../parts/pageHead.tsx";
import { portalAddress } from "../parts/portal.tsx";
import { Scroll } from "../parts/scroll.tsx";
import { VerdictMark } from "../parts/verdict.tsx";
import { hashOf } from "../route.ts";
import { timeText } from "../words.ts";

/** The address space of a virtual network: what is where, what is free, and where a new subnet would go. */
export function NetworkView({ id }: { readonly id: string }) {
	const network = useLoaded(`network ${id}`, (data) => data.network(id));
	return (
		<>
			<PageHead noun="virtual network" id={id} findings={{ network: id }} />
			<Reading of={network} missing={(reason) => <p>{reason}</p>}>
				{(value) => <Content network={value} />}
			</Reading>
		</>
	);
}

function Content({ network }: { readonly network: NetworkMap }) {
	const { portal } = useReport();
	const [length, setLength] = useState(24);
	const { prefixes, free, complete, reason, at } = network;
	const fit = complete ? lowestFit(free, length) : null;
	const items = itemsOf(network, portal, fit);
	const ipv4 = ipv4Of(prefixes);
	return (
		<section class="ledger network">
			<h2>Address space</h2>
			<p>
				{prefixes.length === 0 ? "Not known" : listed(prefixes)}, as of{" "}
				{timeText(at)}.{" "}
				{ipv4.length < prefixes.length && "IPv6 is not in the map."}
			</p>
			{!complete && (
				<p class="notice">
					<strong>It is not known what is free.</strong> {reason}
				</p>
			)}
			<NewSubnet
				network={network}
				length={length}
				fit={fit}
				choose={setLength}
			/>
			<MapLegend />
			<AddressMap prefixes={ipv4} items={items} />
			<Ranges items={items} network={network} />
		</section>
	);
}

/** Azure's smallest subnet is a /29. Larger ones than the largest prefix cannot be. */
const smallest = 29;

function NewSubnet({
	network: { prefixes, free, complete },
	length,
	fit,
	choose,
}: {
	readonly network: NetworkMap;
	readonly length: number;
	readonly fit: string | null;
	readonly choose: (length: number) => void;
}) {
	const largest = Math.min(24, ...ipv4Of(prefixes).map(lengthOf));
	const lengths = Array.from(
		{ length: smallest - largest + 1 },
		(_, index) => largest + index,
	);
	const most = Math.min(...free.map(lengthOf));
	return (
		<p class="new-subnet">
			<label>
				A new subnet of{" "}
				<select
					value={String(length)}
					onChange={(event) => choose(Number(event.currentTarget.value))}
				>
					{lengths.map((one) => (
						<option key={one} value={String(one)}>
							/{one} ({grouped(usableAddresses([`0.0.0.0/${one}`]))} IPs)
						</option>
					))}
				</select>
			</label>{" "}
			<output aria-live="polite">
				{fit !== null ? (
					<>
						would go to <strong>{fit}</strong>, the lowest free range.
					</>
				) : !complete ? (
					"has no place that is known to be free."
				) : free.length === 0 ? (
					"does not fit: nothing is free. Add an address space first."
				) : (
					`does not fit: the largest free range is a /${most}. Add an address space first.`
				)}
			</output>
		</p>
	);
}

function itemsOf(
	{ subnets, free, closed }: NetworkMap,
	portal: string | null,
	fit: string | null,
): AddressItem[] {
	return [
		...subnets.flatMap((subnet) => {
			const verdict = worstVerdict(subnet.budgets.map((one) => one.verdict));
			const href =
				verdict !== null
					? hashOf({ view: "subnet", id: subnet.id })
					: portal && portalAddress(portal, subnet.id);
			const { name, used, capacity } = subnet;
			return ipv4Of(subnet.prefixes).map(
				(prefix): AddressItem => ({
					kind: "subnet",
					prefix,
					matters: true,
					name,
					href,
					used,
					capacity,
					verdict,
				}),
			);
		}),
		...freeRanges(free, fit === null ? [] : [fit]).map(
			(prefix): AddressItem => ({ kind: "free", prefix, matters: false }),
		),
		...closed.map(
			(prefix): AddressItem => ({ kind: "closed", prefix, matters: false }),
		),
		...(fit === null
			? []
			: [{ kind: "proposed", prefix: fit, matters: true } as const]),
	].sort((a, b) => bounds(a.prefix).first - bounds(b.prefix).first);
}

/** The map in words, by address. */
function Ranges({
	items,
	network: { subnets },
}: {
	readonly items: readonly AddressItem[];
	readonly network: NetworkMap;
}) {
	const kinds = new Map(
		subnets.map(({ name, budgets }) => [
			name,
			budgets.map(({ kind }) => budgetKinds[kind].noun),
		]),
	);
	const without = subnets.filter(
		({ prefixes }) => ipv4Of(prefixes).length === 0,
	);
	return (
		<details>
			<summary>The map as a table</summary>
			<Scroll of="The map as a table">
				<table>
					<thead>
						<tr>
							<th scope="col">Range</th>
							<th scope="col">What is there</th>
							<th scope="col">IPs</th>
							<th scope="col">Verdict</th>
						</tr>
					</thead>
					<tbody>
						{items.map((item) => (
							<tr key={`${item.kind} ${item.prefix}`}>
								<th scope="row">{item.prefix}</th>
								<td>
									{item.kind === "subnet" ? (
										<>
											<span class="noun">
												{listed(kinds.get(item.name) ?? []) || "subnet"}
											</span>{" "}
											{item.href === null ? (
												item.name
											) : (
												<a href={item.href}>{item.name}</a>
											)}
										</>
									) : (
										texts[item.kind]
									)}
								</td>
								<td class="together">
									{item.kind === "subnet"
										? usedText(item.used, item.capacity)
										: grouped(2 ** (32 - lengthOf(item.prefix)))}
								</td>
								<td>
									{item.kind === "subnet" && item.verdict !== null && (
										<VerdictMark verdict={item.verdict} />
									)}
								</td>
							</tr>
						))}
						{without.map(({ id, name, prefixes }) => (
							<tr key={id}>
								<th scope="row">{prefixes.join(", ") || "no prefix yet"}</th>
								<td>
									<span class="noun">subnet</span> {name}
								</td>
								<td />
								<td />
							</tr>
						))}
					</tbody>
				</table>
			</Scroll>
		</details>
	);
}

const texts = {
	free: "free",
	closed: "pods, services or AKS: not for subnets",
	proposed: "the new subnet",
} as const;
