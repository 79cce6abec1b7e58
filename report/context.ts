import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { ReadError, type ReportData } from "./data/reportData.ts";
import { hashOf, type Route, routeOf } from "./route.ts";

/** What every view needs. */
export interface Report {
	readonly data: ReportData;
	/** Another value when there is something new to read. */
	readonly version: string;
	/** The Azure portal of the cloud that was audited. Null: not known. */
	readonly portal: string | null;
	/** Reads everything again. */
	readonly refresh: () => void;
}

export const ReportContext = createContext<Report | null>(null);

export function useReport(): Report {
	const report = useContext(ReportContext);
	if (report === null) throw new Error("There is no report around this part.");
	return report;
}

export type Loaded<T> =
	| { readonly state: "reading" }
	| { readonly state: "failed"; readonly error: ReadError }
	| { readonly state: "read"; readonly value: T };

/** Reads when `key` changes, and again when there is something new. What was read before stays until then. */
export function useLoaded<T>(
	key: string,
	load: (data: ReportData) => Promise<T>,
): Loaded<T> {
	const { data, version } = useReport();
	const [loaded, setLoaded] = useState<{
		readonly key: string;
		readonly result: Loaded<T>;
	}>({ key, result: { state: "reading" } });
	const newest = useRef(load);
	newest.current = load;
	useEffect(() => {
		let isWanted = true;
		const keep = (result: Loaded<T>) => {
			if (isWanted) setLoaded({ key, result });
		};
		newest.current(data).then(
			(value) => keep({ state: "read", value }),
			(error: unknown) => keep({ state: "failed", error: readError(error) }),
		);
		return () => {
			isWanted = false;
		};
	}, [data, version, key]);
	return loaded.key === key ? loaded.result : { state: "reading" };
}

function readError(error: unknown): ReadError {
	if (error instanceof ReadError) return error;
	const message = error instanceof Error ? error.message : String(error);
	return new ReadError(0, message, { cause: error });
}

/** The view that the URL asks for. */
export function useRoute(): Route {
	const [route, setRoute] = useState(() => routeOf(location.hash));
	useEffect(() => {
		const follow = () => setRoute(routeOf(location.hash));
		addEventListener("hashchange", follow);
		return () => removeEventListener("hashchange", follow);
	}, []);
	return route;
}

/** Changes the URL without a step in the browser's history: filters would fill it. */
export function replaceRoute(route: Route): void {
	history.replaceState(null, "", hashOf(route));
	dispatchEvent(new HashChangeEvent("hashchange"));
}
