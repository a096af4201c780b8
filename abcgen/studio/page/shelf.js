// The book, as the page shows it.

import { $, button, made, on } from "./dom.js";
import { ask, file, get } from "./server.js";
import { texts } from "./texts.js";

const LAST = "abcgen.tune"; // where the browser remembers the tune that was open

function item(label, current, onClick) {
	const one = button(label, onClick);
	if (current) one.ariaCurrent = "true";
	return made("li", {}, one);
}

export class Shelf {
	// `onOpen` is called with the ABC, the tune's number and the version's; `guarded` runs what may
	// fail and shows why.
	constructor(onOpen, guarded) {
		Object.assign(this, { onOpen, guarded, tune: null });
		on("search", "input", () => guarded(() => this.list()));
		on("import", "click", () => $("file").click());
		on("file", "change", () => guarded(() => this.takeIn()));
		on("remove", "click", () => guarded(() => this.remove()));
		on("tags", "change", () => guarded(() => this.tag()));
		window.addEventListener("focus", () => guarded(() => this.list())); // others may have changed it
	}

	async list() {
		const search = encodeURIComponent($("search").value);
		const { tunes } = await get(`book?search=${search}`);
		$("entries").replaceChildren(
			...tunes.map(({ tune, title, tags }) => {
				const label = [title || texts.untitled, ...tags.map((tag) => `#${tag}`)].join(" ");
				return item(label, tune === this.tune, () => this.guarded(() => this.open(tune)));
			}),
		);
	}

	async open(tune) {
		await this.shown(await get(`book/${tune}`), true);
		await this.list();
	}

	// Open what was open when the page was left; say whether there was something.
	async reopen() {
		const tune = Number(localStorage.getItem(LAST));
		try {
			if (!tune) return false;
			await this.open(tune);
			return true;
		} catch {
			localStorage.removeItem(LAST);
			return false;
		}
	}

	shown(kept, opening) {
		this.tune = kept.tune;
		localStorage.setItem(LAST, kept.tune);
		$("opened").hidden = false;
		$("tags").value = kept.tags.join(", ");
		const depth = new Map();
		$("versions").replaceChildren(
			...kept.versions.map(({ version, parent, how, made }) => {
				depth.set(version, parent ? Math.min(depth.get(parent) + 1, 8) : 0);
				const label = `${how || texts.text}, ${new Date(made).toLocaleTimeString()}`;
				const li = item(label, version === kept.current, () =>
					this.guarded(async () => this.shown(await ask(`book/${kept.tune}/go`, { version }), true)),
				);
				li.style.setProperty("--depth", depth.get(version));
				return li;
			}),
		);
		if (!opening) return;
		const { abc, version } = kept.versions.find((one) => one.version === kept.current);
		return this.onOpen(abc, kept.tune, version);
	}

	close() {
		this.tune = null;
		localStorage.removeItem(LAST);
		$("opened").hidden = true;
	}

	async save(abc, how, parent) {
		const tune = this.tune ?? undefined;
		const saved = await ask("book", { abc, how, tune, parent });
		this.shown(await get(`book/${saved.tune}`), false);
		await this.list();
		return saved;
	}

	async tag() {
		this.shown(await ask(`book/${this.tune}/tags`, { tags: $("tags").value }), false);
		await this.list();
	}

	async remove() {
		await ask(`book/${this.tune}/remove`);
		this.close();
		await this.list();
	}

	async takeIn() {
		const [given] = $("file").files;
		if (!given) return undefined;
		const { tunes, unread } = await ask("import", { abc: await given.text() });
		$("file").value = "";
		await this.list();
		return texts.taken(tunes.length, unread.length);
	}

	takeOut() {
		return file(`export?search=${encodeURIComponent($("search").value)}`);
	}
}
