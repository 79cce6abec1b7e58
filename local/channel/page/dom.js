/** An element with text or children. Data only ever becomes text: nothing here reads HTML. */
export function el(name, attributes = {}, ...children) {
	return furnished(document.createElement(name), attributes, children);
}

/** The same of a drawing. */
export function svg(name, attributes = {}, ...children) {
	const element = document.createElementNS("http://www.w3.org/2000/svg", name);
	return furnished(element, attributes, children);
}

function furnished(element, attributes, children) {
	for (const [key, value] of Object.entries(attributes)) {
		if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
		else if (value !== null && value !== false)
			element.setAttribute(key, value === true ? "" : String(value));
	}
	element.append(
		...children.flat().filter((child) => child != null && child !== false),
	);
	return element;
}

export function byId(id) {
	return document.getElementById(id);
}

export async function getJson(path) {
	const response = await fetch(path, { cache: "no-store" });
	const body = await response.json();
	if (!response.ok) throw new Error(body.detail ?? body.title ?? path);
	return body;
}
