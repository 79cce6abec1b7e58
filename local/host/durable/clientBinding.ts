/** Where this host's durable endpoints are, and the code that opens them. */
export interface DurableEndpoints {
	/** `http://127.0.0.1:PORT` */
	readonly origin: string;
	readonly code: string;
	readonly hubName: string;
}

export const webhookPath = "/runtime/webhooks/durabletask";

/** Private to this process. The client drops the query string of this address, so the code is in its path. */
export function rpcPath(code: string): string {
	return `/runtime/local/${code}/durabletask`;
}

/** The data of a durableClient input binding, in the shape of the Durable extension. */
export function clientBindingData({
	origin,
	code,
	hubName,
}: DurableEndpoints): object {
	const base = `${origin}${webhookPath}`;
	return {
		taskHubName: hubName,
		connectionName: null,
		creationUrls: {
			createNewInstancePostUri: `${base}/orchestrators/{functionName}[/{instanceId}]?code=${code}`,
			createAndWaitOnNewInstancePostUri: `${base}/orchestrators/{functionName}[/{instanceId}]?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&code=${code}`,
		},
		managementUrls: managementUrls({ origin, code, hubName }, "INSTANCEID"),
		baseUrl: base,
		requiredQueryStringParameters: `code=${code}`,
		rpcBaseUrl: `${origin}${rpcPath(code)}/`,
		httpBaseUrl: null,
		maxGrpcMessageSizeInBytes: null,
		grpcHttpClientTimeout: null,
	};
}

export function managementUrls(
	{ origin, code, hubName }: DurableEndpoints,
	instanceId: string,
): Record<string, string> {
	const instance = `${origin}${webhookPath}/instances/${encodeURIComponent(instanceId)}`;
	const query = `taskHub=${hubName}&connection=Storage&code=${code}`;
	return {
		id: instanceId,
		statusQueryGetUri: `${instance}?${query}`,
		sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
		terminatePostUri: `${instance}/terminate?reason={text}&${query}`,
		rewindPostUri: `${instance}/rewind?reason={text}&${query}`,
		purgeHistoryDeleteUri: `${instance}?${query}`,
		restartPostUri: `${instance}/restart?${query}`,
		suspendPostUri: `${instance}/suspend?reason={text}&${query}`,
		resumePostUri: `${instance}/resume?reason={text}&${query}`,
	};
}
