// The studio's server, as the page asks it.

import { texts } from "./texts.js";

async function fetched(path, options) {
	let answer;
	try {
		answer = await fetch(path, options);
	} catch (error) {
		if (error.name === "AbortError") throw error;
		throw Error(texts.lost);
	}
	if (!answer.ok) {
		const { error } = await answer.json().catch(() => ({ error: answer.statusText }));
		throw Error(error);
	}
	return answer;
}

function sent(asked, signal) {
	const headers = { "Content-Type": "application/json" };
	return { method: "POST", headers, body: JSON.stringify(asked), signal };
}

export const ask = async (path, asked = {}, signal) =>
	(await fetched(`/api/${path}`, sent(asked, signal))).json();
export const get = async (path) => (await fetched(`/api/${path}`)).json();
export const file = async (path, asked, signal) =>
	(await fetched(`/api/${path}`, asked && sent(asked, signal))).blob();

// Ask for what comes in parts; `onPart` is called with each.
export async function live(path, asked, signal, onPart) {
	const options = sent(asked, signal);
	options.headers.Accept = "text/event-stream";
	const { body } = await fetched(`/api/${path}`, options);
	const reader = body.pipeThrough(new TextDecoderStream()).getReader();
	for (let text = ""; ; ) {
		const { done, value } = await reader.read();
		if (done) return;
		const parts = (text + value).split("\n\n");
		text = parts.pop();
		for (const part of parts) {
			const got = JSON.parse(part.slice("data: ".length));
			if (got.error) throw Error(got.error);
			onPart(got);
		}
	}
}
