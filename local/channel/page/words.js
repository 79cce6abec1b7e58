export function time(text) {
	return new Date(text).toLocaleString([], {
		dateStyle: "medium",
		timeStyle: "short",
	});
}
