const entities = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

/** The part of markdown in which a name could do harm, read as Teams reads it in text blocks; escaped first. */
export function markdownToHtml(text) {
	return text
		.replace(/[&<>"']/g, (sign) => entities[sign])
		.replace(
			/\[([^\]]+)\]\((https?:[^\s)]+)\)/g,
			'<a href="$2" target="_blank" rel="noopener noreferrer">$1</a>',
		)
		.replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>")
		.replace(/(?<![\w*])[*_](.+?)[*_](?![\w*])/g, "<em>$1</em>")
		.replace(/\n/g, "<br>");
}
