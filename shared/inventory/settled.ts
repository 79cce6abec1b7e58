import { minuteMs } from "../time.ts";

/**
 * Resource Graph shows most changes within 30 seconds, in milliseconds. Without a value to compare, rows that were read
 * sooner may be those from before a change.
 */
export const settledMs = 2 * minuteMs;
