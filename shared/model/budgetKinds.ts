import type { BudgetKind } from "../contract.ts";

export const kindsWithHistory: readonly BudgetKind[] = [
	"subnet",
	"pod-subnet",
	"pod-blocks",
	"pod-range",
	"routes",
	"virtual-network",
];
