import { isPicked, notKnown } from "../fields.ts";
import type { Context } from "./collected.ts";
import { idOf } from "./ids.ts";
import type { PlanResource } from "./planFile.ts";
import { isSet, referredTo } from "./references.ts";

/** Reads the attributes of one resource that are new or differ. */
export class Attributes {
	private readonly context: Context;
	private readonly one: PlanResource;
	/** Where in the resource: [] or a block such as ["default_node_pool", 0]. */
	private readonly path: readonly (string | number)[];

	constructor(
		context: Context,
		one: PlanResource,
		path: readonly (string | number)[] = [],
	) {
		this.context = context;
		this.one = one;
		this.path = path;
	}

	block(name: string): Attributes {
		return new Attributes(this.context, this.one, [...this.path, name, 0]);
	}

	/** Text, number, boolean or list; null: set to nothing; undefined: as Azure has it now. */
	value(...names: readonly string[]): unknown {
		const whole = this.one.action !== "update";
		for (const name of names) {
			const after = orNull(this.field("after", name));
			if (after === undefined) continue;
			const before = orNull(this.field("before", name));
			if (after === notKnown) {
				if (isSet(this.context.plan, this.one, [...this.path, name]) === false)
					continue;
				this.missing(name);
				return undefined;
			}
			if (!whole && JSON.stringify(before) === JSON.stringify(after)) continue;
			if (after === null && (before === undefined || before === null)) continue;
			return after;
		}
		return undefined;
	}

	/** An ARM ID, followed to a new resource where it is known only after apply. */
	id(name: string, types: ReadonlySet<string>): string | null | undefined {
		const after = this.field("after", name);
		if (after !== notKnown) {
			const value = this.value(name);
			return typeof value === "string" || value === undefined ? value : null;
		}
		const path = [...this.path, name];
		if (isSet(this.context.plan, this.one, path) === false) return undefined;
		const target = referredTo(this.context.plan, this.one, path, types);
		const id = target && idOf(this.context, target);
		if (id !== null) return id;
		this.missing(name);
		return undefined;
	}

	missing(name: string): void {
		const shown = [...this.path.filter((part) => part !== 0), name].join(".");
		this.context.into.unknown.push({
			address: this.one.address,
			text: `${shown} is known only after the plan is applied.`,
		});
	}

	field(side: "before" | "after", name: string): unknown {
		const now = this.of(side);
		if (now === notKnown) return notKnown;
		return isPicked(now) ? now[name] : undefined;
	}

	private of(side: "before" | "after"): unknown {
		return this.path.reduce<unknown>(
			(now, part) =>
				now === notKnown
					? notKnown
					: Array.isArray(now)
						? now[Number(part)]
						: isPicked(now)
							? now[String(part)]
							: undefined,
			this.one[side],
		);
	}
}

/** A state has an empty text where a value was never set. */
function orNull(value: unknown): unknown {
	return value === "" ? null : value;
}
