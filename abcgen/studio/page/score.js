// A score on the page: its bars can be marked, locked and coloured.

const [PAD, EDGE] = [180, 500]; // of a bar's background and of a small score, in its units

// Return the picture of a score, which grows with its place. Nothing in it can run: it is read as
// a document of its own, and the policy of the page forbids scripts and styles inside of it.
function picture(text) {
	const read = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
	const svg = document.importNode(read, true);
	const [width, height] = ["width", "height"].map((side) => parseFloat(svg.getAttribute(side)));
	for (const name of ["id", "width", "height"]) svg.removeAttribute(name);
	svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
	svg.setAttribute("aria-hidden", "true");
	return svg;
}

const measuresOf = (svg) => [...svg.querySelectorAll("g.measure")];

// The background of a bar.
function groundOf(measure) {
	const { x, y, width, height } = (measure.querySelector("g.staff") ?? measure).getBBox();
	return `<rect class="ground" x="${x}" y="${y - PAD}" width="${width}" height="${height + 2 * PAD}"/>`;
}

export class Score {
	// `onNote` is called with the place in the text of a note that is clicked.
	constructor(place, onChange, onNote) {
		Object.assign(this, { place, onChange, onNote });
		this.marked = new Set();
		this.locked = new Set();
		this.cursor = null;
		place.addEventListener("click", (event) => this.clicked(event));
		place.addEventListener("pointerdown", (event) => {
			this.held = this.numberAt(event);
			this.draggedTo = null;
		});
		place.addEventListener("pointerover", (event) => this.dragged(event));
	}

	show(tune) {
		const before = this.numbers ? Math.max(0, ...this.numbers) : 0;
		this.numbers = tune.bars;
		this.svg = picture(tune.svg);
		this.place.replaceChildren(this.svg);
		this.measures = measuresOf(this.svg);
		this.measures.forEach((measure, index) => {
			measure.insertAdjacentHTML("afterbegin", groundOf(measure));
			measure.dataset.index = index;
		});
		const last = Math.max(0, ...tune.bars);
		if (last !== before) this.locked.clear();
		for (const set of [this.marked, this.locked])
			for (const number of set) if (number > last) set.delete(number);
		this.paint();
	}

	clear() {
		this.marked.clear();
		this.cursor = null;
		this.paint();
	}

	numberAt(event) {
		return this.numbers?.[event.target.closest("g.measure")?.dataset.index];
	}

	clicked(event) {
		const note = event.target.closest("g.note[id], g.chord[id]");
		if (note && !event.shiftKey) return this.onNote(Number(note.id.slice(1)));
		const number = this.numberAt(event);
		const dragged = this.draggedTo ?? null;
		this.draggedTo = null;
		if (number === undefined || number === dragged) return;
		if (event.shiftKey && this.cursor !== null) this.extend(number);
		else this.toggle(number);
	}

	// Mark all bars from where the mouse was pressed.
	dragged(event) {
		const number = this.numberAt(event);
		if (!(event.buttons & 1) || event.pointerType === "touch" || number === undefined) return;
		if (this.held === undefined || (number === this.held && !this.marked.has(number))) return;
		this.cursor = this.held;
		this.extend(number);
		this.cursor = this.held;
		this.draggedTo = number;
	}

	toggle(number) {
		if (!this.marked.delete(number)) this.marked.add(number);
		this.cursor = number;
		this.paint();
	}

	extend(number) {
		const [first, last] = [this.cursor, number].sort((a, b) => a - b);
		for (let bar = first; bar <= last; bar++) this.marked.add(bar);
		this.cursor = number;
		this.paint();
	}

	move(step, extending) {
		if (!this.numbers?.length) return;
		const all = [...new Set(this.numbers)];
		const place = this.cursor === null ? (step > 0 ? -1 : all.length) : all.indexOf(this.cursor);
		const number = all[Math.min(Math.max(place + step, 0), all.length - 1)];
		if (extending && this.cursor !== null) this.extend(number);
		else {
			this.cursor = number;
			this.paint();
		}
		this.measures[this.numbers.indexOf(number)].scrollIntoView({ block: "nearest" });
	}

	lock() {
		const bars = this.marked.size ? [...this.marked] : this.cursor === null ? [] : [this.cursor];
		const all = bars.every((bar) => this.locked.has(bar));
		for (const bar of bars) all ? this.locked.delete(bar) : this.locked.add(bar);
		this.marked.clear();
		this.paint();
	}

	// Colour bars by how surprising they are; without bits, no more.
	colour(bits) {
		const most = bits && Math.max(1, ...Object.values(bits));
		this.measures.forEach((measure, index) => {
			const share = bits ? (bits[this.numbers[index]] ?? 0) / most : 0;
			measure.querySelector(".ground").style.setProperty("--surprise", share.toFixed(2));
			measure.classList.toggle("bits", Boolean(bits));
		});
	}

	// Light the note at a place of the text; none for null.
	light(offset) {
		for (const lit of this.place.querySelectorAll(".lit")) lit.classList.remove("lit");
		if (offset === null || !this.svg) return;
		this.svg.querySelector(`#n${offset}, #g${offset}`)?.classList.add("lit");
	}

	// Show the bars, counted as they are written, that another tune has, too.
	share([first, last] = []) {
		this.measures?.forEach((measure, place) =>
			measure.classList.toggle("shared", place >= first && place <= last),
		);
	}

	paint() {
		(this.measures ?? []).forEach((measure, index) => {
			const number = this.numbers[index];
			measure.classList.toggle("marked", this.marked.has(number));
			measure.classList.toggle("locked", this.locked.has(number));
			measure.classList.toggle("cursor", number !== undefined && number === this.cursor);
		});
		this.onChange();
	}
}

// Show a small score. It must be on the page already.
export function small(place, tune) {
	const svg = picture(tune.svg);
	place.replaceChildren(svg);
	const inner = svg.querySelector("svg.definition-scale");
	const { x, width } = inner.querySelector("g.page-margin").getBBox();
	const shape = `0 0 ${x + width + EDGE} ${inner.viewBox.baseVal.height}`;
	for (const one of [svg, inner]) one.setAttribute("viewBox", shape);
	// Ids stand once in a page; only the shapes that are used again need theirs.
	for (const element of svg.querySelectorAll("g[id]:not(defs g)")) element.removeAttribute("id");
}

// Return numbers as text such as "1-3,7".
export function spans(numbers) {
	const sorted = [...numbers].sort((a, b) => a - b);
	const found = [];
	for (const number of sorted) {
		const last = found.at(-1);
		if (last && last[1] === number - 1) last[1] = number;
		else found.push([number, number]);
	}
	return found.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(",");
}
