import {
	useCallback,
	useEffect,
	useMemo,
	useRef,
	useState,
} from "preact/hooks";
import { ReportContext, useRoute } from "./context.ts";
import type { Audit } from "./data/answers.ts";
import { type Door, findDoor } from "./data/door.ts";
import type { ReportData } from "./data/reportData.ts";
import { DoorView } from "./parts/door.tsx";
import { Header } from "./parts/header.tsx";
import { Notices } from "./parts/notices.tsx";
import type { Route } from "./route.ts";
import { ClusterView } from "./views/cluster.tsx";
import { ClustersView } from "./views/clusters.tsx";
import { FindingView } from "./views/finding.tsx";
import { FindingsView } from "./views/findings.tsx";
import { NetworkView } from "./views/network.tsx";
import { OverviewView } from "./views/overview.tsx";
import { SubnetView } from "./views/subnet.tsx";

export function App() {
	const [door, setDoor] = useState<Door | null>(null);
	const enter = useCallback(() => {
		findDoor(() => enter()).then(setDoor, (error: unknown) =>
			setDoor({ kind: "closed", reason: String(error) }),
		);
	}, []);
	useEffect(enter, [enter]);

	if (door === null) return <p class="quiet center">Reading …</p>;
	if (door.kind !== "inside") return <DoorView door={door} enter={enter} />;
	return <Inside data={door.data} />;
}

function Inside({ data }: { readonly data: ReportData }) {
	const route = useRoute();
	const [asked, setAsked] = useState(0);
	const audits = useAudits(data, asked);
	const newest = audits.find(
		({ state }) => state !== "running" && state !== "queued",
	);
	const version = `${newest?.auditId ?? ""} ${newest?.state ?? ""} ${asked}`;
	const refresh = useCallback(() => setAsked((count) => count + 1), []);
	const portal = usePortal(data, version);
	const report = useMemo(
		() => ({ data, version, portal, refresh }),
		[data, version, portal, refresh],
	);
	const main = useFocusOnNewView(route);

	return (
		<ReportContext.Provider value={report}>
			<button type="button" class="skip" onClick={() => main.current?.focus()}>
				Skip to the content
			</button>
			<Header route={route} viewer={data.viewer} />
			<Notices audits={audits} viewer={data.viewer} />
			<main id="main" ref={main} tabIndex={-1}>
				<View route={route} />
			</main>
		</ReportContext.Provider>
	);
}

function View({ route }: { readonly route: Route }) {
	switch (route.view) {
		case "overview":
			return <OverviewView />;
		case "findings":
			return <FindingsView filter={route.filter} />;
		case "finding":
			return <FindingView key={route.id} id={route.id} />;
		case "clusters":
			return <ClustersView verdict={route.verdict} />;
		case "cluster":
			return <ClusterView key={route.id} id={route.id} />;
		case "subnet":
			return <SubnetView key={route.id} id={route.id} />;
		case "network":
			return <NetworkView key={route.id} id={route.id} />;
	}
}

/** Without an audit, or with one that cannot be read, there is nothing to link to: the views say why. */
function usePortal(data: ReportData, version: string): string | null {
	const [portal, setPortal] = useState<string | null>(null);
	useEffect(() => {
		data.overview().then(
			(overview) => setPortal(overview.portal),
			() => setPortal(null),
		);
	}, [data, version]);
	return portal;
}

/** A new view begins at its top, also for who reads by ear. */
function useFocusOnNewView(route: Route) {
	const main = useRef<HTMLElement>(null);
	const name = "id" in route ? `${route.view} ${route.id}` : route.view;
	const before = useRef(name);
	useEffect(() => {
		if (before.current === name) return;
		before.current = name;
		scrollTo(0, 0);
		main.current?.focus({ preventScroll: true });
	}, [name]);
	return main;
}

const whileRunningMs = 3_000;
const otherwiseMs = 30_000;

/** The newest audits, read again from time to time: often while one runs. */
function useAudits(data: ReportData, asked: number): readonly Audit[] {
	const [audits, setAudits] = useState<readonly Audit[]>([]);
	useEffect(() => {
		let timer = 0;
		let isWanted = true;
		const read = async () => {
			const isRunning = await data.audits().then(
				(list) => {
					if (isWanted) setAudits(list);
					return list.some(({ state }) => state === "running");
				},
				// The views say what cannot be read. Here it is tried again.
				() => false,
			);
			if (isWanted && data.viewer.door !== "file")
				timer = window.setTimeout(
					read,
					isRunning ? whileRunningMs : otherwiseMs,
				);
		};
		read();
		return () => {
			isWanted = false;
			clearTimeout(timer);
		};
	}, [data, asked]);
	return audits;
}
