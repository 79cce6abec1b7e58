import { expect, it } from "vitest";
import { keepSources } from "../../../local/package/sourceMap.ts";

it("keeps the mappings of our sources, and says where they end", () => {
	// Line 1: ours at columns 0 and 4, a dependency's at 8 and 9. Line 2: a dependency's at 0. Line 3: ours at 0.
	const map = {
		version: 3,
		sources: ["node_modules/a.js", "shared/b.ts"],
		sourcesContent: ["", ""],
		names: ["a", "b"],
		mappings: "ACAA,IAAIC,IDAJ,CAAC;AACD;ACCA",
	};
	expect(JSON.parse(keepSources(JSON.stringify(map), /^shared\//))).toEqual({
		version: 3,
		sources: ["shared/b.ts"],
		names: ["b"],
		mappings: "AAAA,IAAIA,I;;AAEJ",
	});
});
