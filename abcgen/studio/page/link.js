// A tune in an address, behind the #, compressed: it can be sent without a server.

import { texts } from "./texts.js";

const BEGIN = "#abc=";

async function through(stream, bytes) {
	const piped = new Blob([bytes]).stream().pipeThrough(stream);
	return new Uint8Array(await new Response(piped).arrayBuffer());
}

export async function addressOf(abc) {
	const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(abc));
	const text = btoa(String.fromCharCode(...bytes));
	const plain = text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
	return `${location.origin}/${BEGIN}${plain}`;
}

// Return the tune of this page's address, if it has one.
export async function tuneOf(hash) {
	if (!hash.startsWith(BEGIN)) return;
	try {
		const text = hash.slice(BEGIN.length).replaceAll("-", "+").replaceAll("_", "/");
		const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
		const out = await through(new DecompressionStream("deflate-raw"), bytes);
		return new TextDecoder().decode(out);
	} catch {
		throw Error(texts.noLink);
	}
}
