import { parseQuery } from "../../local/resourceGraph/kustoParser.ts";

/** The columns of Application Insights' tables that the queries can use: learn.microsoft.com/azure/azure-monitor/reference. */
const common = {
	timestamp: "datetime",
	itemType: "string",
	customDimensions: "dynamic",
	customMeasurements: "dynamic",
	operation_Name: "string",
	operation_Id: "string",
	operation_ParentId: "string",
	session_Id: "string",
	user_Id: "string",
	application_Version: "string",
	client_Type: "string",
	client_City: "string",
	cloud_RoleName: "string",
	cloud_RoleInstance: "string",
	appId: "string",
	appName: "string",
	iKey: "string",
	sdkVersion: "string",
	itemId: "string",
	itemCount: "int",
	_ResourceId: "string",
} as const;

export const telemetrySchema = {
	traces: { ...common, message: "string", severityLevel: "int" },
	exceptions: {
		...common,
		problemId: "string",
		type: "string",
		assembly: "string",
		method: "string",
		outerType: "string",
		outerMessage: "string",
		innermostType: "string",
		innermostMessage: "string",
		severityLevel: "int",
		details: "dynamic",
	},
	requests: {
		...common,
		id: "string",
		source: "string",
		name: "string",
		url: "string",
		success: "string",
		resultCode: "string",
		duration: "real",
		performanceBucket: "string",
	},
} as const;

/** What is wrong with a query, by the official parser and these tables. */
export function problemsOf(kql: string): string[] {
	const { syntaxErrors, semanticErrors } = parseQuery(kql, telemetrySchema);
	return [...syntaxErrors, ...semanticErrors].map(({ message }) => message);
}
