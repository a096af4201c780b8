// A score on the page: its bars can be marked, locked and coloured.

const SVG = "http://www.w3.org/2000/svg";
const PAD = 180; // of a bar's background, in units of the score
const AROUND = 500;

// Return the picture of a score, which grows with its place. Nothing in it can run: it is read as
// a document of its own, and the policy of the page forbids scripts and styles inside of it.
function picture(text) {
  const read = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const svg = document.importNode(read, true);
  const [width, height] = ["width", "height"].map((side) => parseFloat(svg.getAttribute(side)));
  svg.removeAttribute("id");
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

const measuresOf = (svg) => [...svg.querySelectorAll("g.measure")];

function boxOf(measure) {
  const staff = measure.querySelector("g.staff") ?? measure;
  const { x, y, width, height } = staff.getBBox();
  return { x, y: y - PAD, width, height: height + 2 * PAD };
}

export class Score {
  constructor(place, onChange) {
    this.place = place;
    this.onChange = onChange;
    this.marked = new Set();
    this.locked = new Set();
    this.cursor = null;
    place.addEventListener("click", (event) => this.clicked(event));
  }

  show(tune) {
    const before = this.numbers ? Math.max(0, ...this.numbers) : 0;
    this.numbers = tune.bars;
    this.svg = picture(tune.svg);
    this.place.replaceChildren(this.svg);
    this.measures = measuresOf(this.svg);
    this.measures.forEach((measure, index) => {
      const rect = document.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries(boxOf(measure))) rect.setAttribute(name, value);
      rect.setAttribute("class", "ground");
      measure.prepend(rect);
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

  clicked(event) {
    const measure = event.target.closest("g.measure");
    if (!measure || !this.numbers.length) return;
    const number = this.numbers[measure.dataset.index];
    if (event.shiftKey && this.cursor !== null) this.extend(number);
    else this.toggle(number);
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
    const at = this.measures[this.numbers.indexOf(number)];
    at.scrollIntoView({ block: "nearest" });
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

// Show a small score: the lines that hold some bars, or all of it. It must be on the page already.
export function small(place, tune, bars) {
  const svg = picture(tune.svg);
  place.replaceChildren(svg);
  const measures = measuresOf(svg);
  const shown = measures.filter((_, index) => bars.has(tune.bars[index]));
  const inner = svg.querySelector("svg.definition-scale");
  if (shown.length && inner) {
    for (const measure of shown) measure.classList.add("new");
    const systems = new Set(shown.map((measure) => measure.closest("g.system")));
    const boxes = [...systems].map((system) => system.getBBox());
    const shift = inner.querySelector("g.page-margin").transform.baseVal.consolidate()?.matrix;
    const top = Math.min(...boxes.map((box) => box.y)) + (shift?.f ?? 0) - AROUND / 2;
    const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + (shift?.f ?? 0);
    const width = inner.viewBox.baseVal.width;
    const height = bottom - top + AROUND / 2;
    inner.setAttribute("viewBox", `0 ${top} ${width} ${height}`);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }
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
