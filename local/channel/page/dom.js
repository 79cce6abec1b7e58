/** An element with text or children. Data only ever becomes text: nothing here reads HTML. */
export function el(name, attributes = {}, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes))
		element.setAttribute(key, value);
	element.append(...children);
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
