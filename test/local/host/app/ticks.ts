import type { Timer } from "@azure/functions";

/** What the timer function received, in order. */
export const ticks: Timer[] = [];
