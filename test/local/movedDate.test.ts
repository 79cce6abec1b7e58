import { afterEach, expect, it } from "vitest";
import { moveDate } from "../../local/program/movedDate.ts";

let undo = () => {};
afterEach(() => undo());

it("lets new dates come from a clock, and does not change any other date", () => {
	let now = Date.parse("2030-01-02T03:04:05.000Z");
	const real = Date;
	undo = moveDate(() => now);
	expect(new Date().toISOString()).toBe("2030-01-02T03:04:05.000Z");
	now += 1000;
	expect(Date.now()).toBe(now);
	expect(new Date().toISOString()).toBe("2030-01-02T03:04:06.000Z");
	expect(Date()).toContain("2030");

	expect(new Date(0).toISOString()).toBe("1970-01-01T00:00:00.000Z");
	expect(new Date("2026-11-22").toISOString()).toBe("2026-11-22T00:00:00.000Z");
	expect(new Date(2026, 0, 1)).toEqual(new real(2026, 0, 1));
	expect(Date.parse("1970-01-01")).toBe(0);
	expect(Date.UTC(1970, 0)).toBe(0);
	expect(new Date()).toBeInstanceOf(Date);
	expect(new Date()).toBeInstanceOf(real);

	undo();
	expect(Date).toBe(real);
});
