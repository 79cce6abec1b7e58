import * as v from "valibot";
import { budgetKind, range, verdict } from "./amounts.ts";
import { armId, count, said, time } from "./field.ts";

export const networkSubnet = v.object({
	id: armId,
	name: v.string(),
	prefixes: v.array(v.string()),
	capacity: said(count, "Usable IPv4 addresses."),
	used: said(
		v.nullable(range),
		"IPs in use now. `null`: Azure does not show it.",
	),
	budgets: said(
		v.array(v.object({ kind: budgetKind, verdict })),
		"What AKS uses it for. Empty: nothing that the audit saw.",
	),
});

export const network = v.object({
	network: armId,
	name: v.string(),
	auditId: said(v.string(), "The audit that saw it."),
	at: said(time, "When that audit began."),
	prefixes: said(
		v.array(v.string()),
		"The address space, IPv6 included. Empty: it could not be read.",
	),
	subnets: v.array(networkSubnet),
	free: said(
		v.array(v.string()),
		"IPv4 ranges for new subnets, lowest first. Empty if `complete` is false.",
	),
	closed: said(
		v.array(v.string()),
		"IPv4 ranges without a subnet where none should go: pods, services or AKS use them.",
	),
	complete: said(
		v.boolean(),
		"Whether all is known that decides what is free.",
	),
	reason: said(v.nullable(v.string()), "Why it is not complete."),
});
