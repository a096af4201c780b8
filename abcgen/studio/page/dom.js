// Short ways to the elements of the page.

export const $ = (id) => document.getElementById(id);
export const all = (selector) => [...document.querySelectorAll(selector)];
export const on = (id, what, work) => $(id).addEventListener(what, work);

export function made(tag, properties, ...children) {
	const element = Object.assign(document.createElement(tag), properties);
	element.append(...children);
	return element;
}

export function button(textContent, work) {
	const one = made("button", { type: "button", textContent });
	one.addEventListener("click", work);
	return one;
}
