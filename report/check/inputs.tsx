interface Typed {
	readonly value: string;
	readonly change: (value: string) => void;
	/** Where no label is around it. */
	readonly label?: string;
	/** Where a label names it. */
	readonly id?: string;
}

export function NumberInput({ value, change, label, id }: Typed) {
	return (
		<input
			type="number"
			min="0"
			max="1000"
			id={id}
			aria-label={label}
			value={value}
			onInput={(event) => change(event.currentTarget.value)}
		/>
	);
}

export function SurgeInput({ value, change, label, id }: Typed) {
	return (
		<input
			type="text"
			class="short-text"
			pattern="[0-9]+%?"
			title="A number of nodes, or percent: 1 or 33%"
			placeholder="default"
			id={id}
			aria-label={label}
			value={value}
			onInput={(event) => change(event.currentTarget.value)}
		/>
	);
}
