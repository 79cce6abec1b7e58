import { expect, it } from "vitest";
import {
	type Column,
	csvAnswer,
	csvHead,
	csvRows,
	rangeColumns,
} from "../../shared/http/csv.ts";

interface Row {
	readonly text: string | null;
	readonly low: number | null;
	readonly high: number | null;
}

const columns: readonly Column<Row>[] = [
	{ name: "text", value: ({ text }) => text },
	...rangeColumns<Row>("free", (row) => row),
];

it("begins with the mark of UTF-8 and the columns' names", () => {
	expect(csvHead(columns)).toBe('\ufeff"text","freeLow","freeHigh"\r\n');
});

it.each([
	{ text: "plain", cell: '"plain"' },
	{ text: "größer", cell: '"größer"' },
	{ text: 'a "quoted", one', cell: '"a ""quoted"", one"' },
	{ text: "=1+1", cell: '"\'=1+1"' },
	{ text: "+1", cell: '"\'+1"' },
	{ text: "-1", cell: '"\'-1"' },
	{ text: "@SUM(A1)", cell: '"\'@SUM(A1)"' },
	{ text: "\t=1", cell: '"\'\t=1"' },
	{ text: "\r=1", cell: '"\'\r=1"' },
	{ text: "\n=1", cell: '"\'\n=1"' },
	{ text: "＝1", cell: '"\'＝1"' },
	{ text: "a=1", cell: '"a=1"' },
	{ text: 'a",=1', cell: '"a"",=1"' },
])(
	"makes $text harmless, and leaves negative numbers numbers",
	({ text, cell }) => {
		expect(csvRows(columns, [{ text, low: -41, high: -12 }])).toBe(
			`${cell},-41,-12\r\n`,
		);
	},
);

it("leaves cells empty where there is nothing, or no bound", () => {
	expect(csvRows(columns, [{ text: null, low: null, high: 0 }])).toBe(
		",,0\r\n",
	);
});

it("is a file with a name", () => {
	const { headers, body } = csvAnswer("findings", "2026-11-28T05:00:00.000Z", [
		Buffer.from("a"),
		Buffer.from("ü"),
	]);
	expect(headers).toEqual({
		"content-type": "text/csv; charset=utf-8",
		"content-disposition": 'attachment; filename="findings-2026-11-28.csv"',
	});
	expect(body.toString("utf8")).toBe("aü");
});
