// The page: what its buttons and keys do.

import { $, all, button, made, on } from "./dom.js";
import { beginLessons } from "./lessons.js";
import { addressOf, tuneOf } from "./link.js";
import { Past } from "./past.js";
import { Piano } from "./piano.js";
import { Score, small, spans } from "./score.js";
import { ask, file, live } from "./server.js";
import { Shelf } from "./shelf.js";
import { Player, spanOf } from "./sound.js";
import { choices, keyNames, keyTexts, texts } from "./texts.js";

const TYPING = 300; // milliseconds without a key until the sound of a text is asked for
const TAP = 0.4; // seconds that a key sounds
const FORMATS = "ABC MIDI WAV MP3 PDF MusicXML SVG".split(" ");

const past = new Past();
const score = new Score($("score"), showMarks, found);
const player = new Player(playing, showPlaying, lit);
const piano = new Piano(asked, (pitch) => hear(pitch), (abc) => ($("opening").value = abc));
const shelf = new Shelf(openText, guarded);
let others = []; // tunes to choose from
let how = "composed"; // what was done to make them
let working = 0;
let preparing = 0;
let making = null; // ends what is being made

const say = (text) => ($("status").textContent = text);

// Run what may fail or take a while, and say so.
async function guarded(work) {
	working += 1;
	document.body.classList.add("working");
	try {
		const said = await work();
		if (said) say(said);
	} catch (error) {
		if (error.name !== "AbortError") say(error.message);
	} finally {
		working -= 1;
		document.body.classList.toggle("working", working > 0);
	}
}

function showMarks() {
	const { numbers, marked, locked, cursor } = score;
	const nothing = past.now ? (numbers.length ? texts.noMarks : texts.noBars) : texts.noTune;
	$("marked").textContent = texts.marks(spans(marked), spans(locked)) || nothing;
	if (cursor !== null && document.activeElement === $("score"))
		say(texts.barState(cursor, marked.has(cursor), locked.has(cursor)));
}

function showPlaying() {
	$("play").textContent = player.playing ? texts.stop : texts.play;
}

// Ask for tunes, one after the other; what is being made ends.
async function make(path, asked, onTunes) {
	making?.abort();
	const mine = (making = new AbortController());
	say(texts.working);
	try {
		await live(path, asked, mine.signal, ({ done, tunes }) => {
			$("progress").hidden = done === undefined;
			if (done !== undefined) $("progress").value = done;
			if (tunes) onTunes(tunes);
		});
	} finally {
		if (making === mine) {
			making = null;
			$("progress").hidden = true;
		}
	}
}

// Put a tune on the desk, with what made it.
function lay(tune, done, kept = {}) {
	past.add({ ...tune, done, ...kept });
	showNow();
}

// Without a tune, its buttons are of no use.
function useTools(some) {
	for (const one of all("#desk .row button")) one.disabled = !some;
}

function showNow() {
	const tune = past.now;
	score.show(tune);
	if ($("text").value !== tune.abc) $("text").value = tune.abc;
	showFault("", -1);
	if ($("surprise").ariaPressed === "true") guarded(colour);
	if (player.playing?.tune !== tune) player.stop();
	clearTimeout(preparing);
	const prepare = () => player.prepare(tune).catch(() => {}); // so that it sounds at once
	preparing = setTimeout(prepare, tune.done === "edited" ? TYPING : 0);
	useTools(true);
	$("undo").disabled = !past.can(-1);
	$("redo").disabled = !past.can(1);
	document.title = `${tune.title || texts.untitled} – abcgen studio`;
}

function now() {
	if (!past.now) throw Error(texts.noTune);
	return past.now;
}

const step = (by) => past.step(by) && showNow();

async function openText(abc, tune, version) {
	await guarded(async () => {
		const checked = await ask("check", { abc });
		offer([], "");
		if (checked.tune) lay(checked.tune, "opened", { tune, version });
		else {
			$("text").value = abc;
			showFault(checked.reason, checked.fault?.position ?? -1);
		}
	});
}

const tones = () => player.load(piano.pitches.map((pitch) => [0, TAP, pitch]), $("instrument").value);

// The key and the metre that are chosen.
function asked() {
	const tonic = $("tonic").value;
	return { key: tonic && tonic + $("mode").value, meter: $("meter").value };
}

// Let the keyboard be a piano, or no more; a key and a metre are needed to write what is played.
function playOpening() {
	const plays = $("piano-keys").hidden;
	$("piano-keys").hidden = !plays;
	$("piano").ariaPressed = plays;
	if (!plays) return;
	$("piano").focus();
	$("tonic").value ||= "D";
	$("meter").value ||= "4/4";
	return tones();
}

const hear = (pitch) => guarded(() => player.hear([0, TAP, pitch, 0.8]));

async function compose() {
	const wishes = {
		...asked(),
		rhythm: $("rhythm").value,
		form: $("form").value.trim(),
		title: $("title").value.trim(),
		prime: $("opening").value.trim(),
		checkpoint: $("network").value || undefined,
		chords: { yes: true, no: false }[$("chords").value],
		temperature: +$("boldness").value,
		seed: $("seed").value ? +$("seed").value : undefined,
		count: +$("count").value,
	};
	const { prime, key, meter } = wishes;
	if (prime && !prime.includes("K:") && !(key && meter)) return texts.openingNeeds;
	shelf.close();
	const all = [];
	await make("compose", wishes, (tunes) => {
		if (!all.length) {
			score.locked.clear();
			score.marked.clear();
			offer([], "");
			lay(tunes[0], "composed");
		}
		all.push(...tunes);
		if (wishes.count > 1) offer(all, "composed");
	});
	await shelf.list();
	return texts.ready;
}

// The marked bars without locked ones; where none is marked, all others.
function chosen() {
	const bars = new Set(score.marked.size || !score.locked.size ? score.marked : score.numbers);
	for (const bar of score.locked) bars.delete(bar);
	return bars;
}

async function change(way) {
	const tune = now();
	const bars = chosen();
	if (!tune.bars.length) return texts.noBars;
	if (!bars.size && way !== "vary") return texts.noMarks;
	const named = way === "go on" ? `${Math.min(...bars)}` : spans(bars) || undefined;
	const show = shownBars(way, bars, tune);
	const bold = $("boldness");
	const asked = {
		abc: tune.abc,
		how: way,
		bars: named,
		show: spans(show) || undefined,
		checkpoint: $("network").value || undefined,
		alternatives: +$("alternatives").value,
		temperature: bold.value === bold.defaultValue ? undefined : +bold.value,
	};
	let found = [];
	await make("change", asked, (tunes) => (found = tunes));
	offer(found.map((one) => ({ ...one, numbers: tune.bars })), ways[way], show);
	return found.length ? texts.ready : texts.noOthers;
}

// The bars that a small score shows; none for all.
function shownBars(way, bars, tune) {
	const first = Math.max(...bars) + 1;
	if (way === "answer") return new Set(tune.bars.filter((bar) => bar >= first && bar < first + bars.size));
	return way === "go on" || bars.size > 8 ? new Set() : bars;
}

// Show tunes to choose from; none closes the list.
function offer(tunes, done, bars = new Set()) {
	others = tunes;
	how = done;
	$("choice").hidden = !tunes.length;
	$("others").replaceChildren(
		...tunes.map((tune, index) => {
			const ariaLabel = `${texts.other(index + 1)}: ${tune.title}`;
			const place = made("div", { className: "small score", role: "img", ariaLabel });
			const around = new Set([...bars].flatMap((bar) => [bar - 1, bar, bar + 1]));
			const span = (plan) => (around.size ? spanOf(plan, tune.numbers, around) : null);
			const hear = press(texts.play, () => playOrStop(tune, span));
			return made("li", {}, place, hear, press(texts.keep, () => keep(index)));
		}),
	);
	[...$("others").children].forEach((li, index) => small(li.firstChild, tunes[index]));
	if (tunes.length) $("choice").scrollIntoView({ block: "nearest" });
}

const press = (label, work) => button(label, () => guarded(work));

async function keep(index) {
	const kept = others[index];
	if (!kept) return;
	const done = how;
	// A small score is drawn of some bars only.
	lay(kept.bars.length ? kept : (await ask("check", { abc: kept.abc })).tune, done);
	offer([], "");
	score.clear();
	$("score").focus();
}

async function transpose() {
	const to = $("to").value.trim();
	if (!to) return;
	const { tunes } = await ask("transpose", { abc: now().abc, to });
	lay(tunes[0], "transposed");
	$("to").value = "";
}

async function colour() {
	const tune = now();
	if (!tune.bars.length) return texts.noBars;
	const { bits } = await ask("bits", { abc: tune.abc });
	if (past.now === tune) score.colour(bits);
	const [bar, most] = Object.entries(bits).reduce((a, b) => (b[1] > a[1] ? b : a));
	return texts.bits(+bar, most);
}

async function surprise() {
	const shown = $("surprise").ariaPressed !== "true";
	$("surprise").ariaPressed = shown;
	if (shown) return colour();
	score.colour(null);
}

async function nearest() {
	const { match } = await ask("nearest", { abc: now().abc });
	score.share(match ? match.written_bars.map((bar) => bar - 1) : undefined);
	return match ? texts.near(match) : texts.noNear;
}

// How to play, as it is set at this moment.
function playing() {
	return {
		qpm: +$("qpm").value || 0,
		instrument: $("instrument").value,
		chords: $("with-chords").checked,
		metronome: $("metronome").checked,
		countIn: $("count-in").checked,
		loop: $("loop").checked,
		rise: +$("rise").value,
	};
}

// Without a span, all is played; where the tune on the desk is looped, its marked bars.
async function playOrStop(tune, span) {
	if (player.playing) return void player.stop();
	const looped = (plan) =>
		$("loop").checked && score.marked.size ? spanOf(plan, score.numbers, score.marked) : null;
	await player.play(tune, span ?? looped);
}

function lit(tune, place) {
	score.light(tune && tune === past.now ? place : null);
}

// A note of the score was clicked.
function found(offset) {
	const { abc } = now();
	const note = abc.slice(offset).match(/^(\[[^\]]*\]|[_=^]*[A-Ga-g][,']*)[\d/]*/);
	const text = $("text");
	if (text.value === abc && note) {
		text.setSelectionRange(offset, offset + note[0].length);
		underline(offset, offset + note[0].length, "here");
		const line = abc.slice(0, offset).split("\n").length - 1;
		text.scrollTop = (text.scrollHeight * line) / abc.split("\n").length - text.clientHeight / 2;
	}
	guarded(() => player.strike(past.now, offset));
}

let reading = false;

// Read the text; what is typed meanwhile, after that.
async function typed() {
	if (reading) return;
	reading = true;
	const abc = $("text").value;
	await guarded(() => readText(abc));
	reading = false;
	if (abc !== $("text").value) typed();
}

async function readText(abc) {
	if (!abc.trim() || abc === past.now?.abc) return showFault("", -1);
	const checked = await ask("check", { abc });
	if (abc !== $("text").value) return;
	if (checked.tune) {
		past.add({ ...checked.tune, abc, done: "edited" });
		showNow();
		// It can be drawn, but others may refuse it.
		if (checked.fault && checked.fault.bar !== null) showFault(checked.fault.words, checked.fault.position);
	} else showFault(checked.reason, checked.fault?.position ?? -1); // the last good score stays
}

// Show what is wrong with the text, underlined from a position to the end of its line.
function showFault(reason, position) {
	const abc = $("text").value;
	$("fault").textContent = reason ?? "";
	$("text").ariaInvalid = Boolean(reason);
	$("under").replaceChildren();
	if (!reason || position < 0) return;
	const from = Math.min(position, Math.max(abc.length - 1, 0));
	const rest = abc.slice(from).search(/[|\n]/);
	underline(from, from + Math.max(rest, 1), "bad");
}

function underline(from, to, kind) {
	const abc = $("text").value;
	const mark = made("mark", { className: kind, textContent: abc.slice(from, to) || " " });
	// As high as the text is.
	$("under").replaceChildren(abc.slice(0, from), mark, `${abc.slice(to)}\n `);
	$("under").scrollTop = $("text").scrollTop;
}

function takeAlong(blob, name) {
	const link = made("a", { href: URL.createObjectURL(blob), download: name });
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function download(format) {
	const { abc, title } = now();
	const sounding = /midi|wav|mp3/.test(format);
	const qpm = +$("qpm").value || undefined;
	const asked = sounding ? { abc, qpm, instrument: $("instrument").value } : { abc };
	const name = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "tune";
	takeAlong(await file(`render/${format}`, asked), `${name}.${format.replace("midi", "mid")}`);
}

async function save() {
	const state = now();
	const saved = await shelf.save(state.abc, state.done, past.parent(shelf.tune));
	Object.assign(state, saved);
	return texts.saved;
}

async function copyLink() {
	await navigator.clipboard.writeText(await addressOf(now().abc));
	return texts.copied;
}

// The ways to change bars, and what was done then.
const ways = { redraw: "redrawn", vary: "varied", answer: "answered", "go on": "continued",
	simplify: "simplified", ornament: "ornamented" };

const actions = {
	play: () => playOrStop(now()),
	undo: () => step(-1),
	redo: () => step(1),
	save,
	lock: () => score.lock(),
	piano: playOpening,
	surprise,
	nearest,
	help: () => $("keys").showModal(),
	export: async () => takeAlong(await shelf.takeOut(), "book.abc"),
};

// Keys that press a button.
const pressing = { c: "compose", " ": "play", r: "redraw", v: "vary", a: "answer", i: "simplify", o: "ornament",
	g: "go-on", l: "lock", u: "undo", y: "redo", s: "save", m: "metronome", k: "loop", "?": "help" };

const keys = {
	ArrowLeft: (event) => score.move(-1, event.shiftKey),
	ArrowRight: (event) => score.move(1, event.shiftKey),
	Enter: () => score.cursor !== null && score.toggle(score.cursor),
	Escape: () => {
		if (making) say(texts.stopped);
		making?.abort();
		score.clear();
		player.stop();
		offer([], "");
	},
	b: () => $("search").focus(),
	t: () => $("text").focus(),
};

function pressed(event) {
	const at = event.target;
	const inField = at.closest("input, select, textarea, dialog, #piano[aria-pressed=true]");
	if (event.key === "Escape" && inField && !at.closest("dialog")) return at.blur();
	const undoing = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
	if (undoing && !inField) {
		event.preventDefault();
		return step(event.shiftKey ? 1 : -1);
	}
	if (inField || event.ctrlKey || event.metaKey || event.altKey) return;
	if (at.closest("button") && [" ", "Enter"].includes(event.key)) return; // they press it
	const named = $(pressing[event.key]);
	const action = /^[1-8]$/.test(event.key) ? () => keep(event.key - 1) : keys[event.key];
	if (!named && !action) return;
	event.preventDefault();
	named ? named.click() : guarded(() => action(event));
}

const same = (names) => Object.fromEntries(names.map((name) => [name, name]));

function fill() {
	for (const section of all("section")) {
		const id = `${section.dataset.title}-title`;
		section.prepend(made("h2", { id, textContent: texts[section.dataset.title] }));
		section.setAttribute("aria-labelledby", id);
	}
	for (const element of all("[data-text], button"))
		element.textContent = texts[element.dataset.text ?? element.id];
	for (const label of all("label")) {
		const name = made("span", { textContent: texts[label.dataset.name ?? label.control.id] });
		label.control.type === "checkbox" ? label.append(name) : label.prepend(name);
	}
	for (const element of all("[data-label]")) element.ariaLabel = texts[element.dataset.label];
	const any = { "": texts.any };
	const lists = {
		tonic: { ...any, ...same(choices.tonic) },
		meter: { ...any, ...same(choices.meter) },
		rhythm: { ...any, ...same(choices.rhythm) },
		mode: choices.mode,
		chords: { ...any, yes: texts.withChords, no: texts.withoutChords },
		instrument: choices.instrument,
		count: same([1, 2, 4, 8]),
		alternatives: same([3, 6, 8]),
		rise: { 0: "0 %", 2: "2 %", 5: "5 %", 10: "10 %" },
	};
	for (const [id, list] of Object.entries(lists))
		$(id).append(...Object.entries(list).map(([value, name]) => new Option(name, value)));
	$("alternatives").value = 6;
	$("formats").append(
		...FORMATS.map((name) => press(name, () => download(name.toLowerCase()))),
		press(texts.link, copyLink),
		press(texts.print, () => window.print()),
	);
	for (const [key, what] of Object.entries(keyTexts))
		$("key-list").append(
			made("dt", {}, made("kbd", { textContent: keyNames[key] ?? key })),
			made("dd", { textContent: what }),
		);
}

// At first there is the tune of the address, what was open before, or a new one.
async function openFirst() {
	const sent = await tuneOf(location.hash);
	if (sent) {
		history.replaceState(null, "", "/");
		await openText(sent);
	} else if (!(await shelf.reopen())) return compose();
}

async function begin() {
	fill();
	showPlaying();
	showMarks();
	for (const [id, action] of Object.entries(actions))
		on(id, "click", () => guarded(action));
	for (const way in ways) on(way.replace(" ", "-"), "click", () => guarded(() => change(way)));
	on("wishes", "submit", (event) => {
		event.preventDefault();
		guarded(compose);
		player.wake(); // meanwhile
	});
	on("to", "change", () => guarded(transpose));
	on("opening", "input", () => (piano.notes = []));
	on("piano", "keydown", (event) => $("piano-keys").hidden || guarded(() => piano.pressed(event)));
	on("text", "input", typed);
	on("text", "scroll", () => ($("under").scrollTop = $("text").scrollTop));
	for (const id of ["qpm", "instrument"]) on(id, "change", () => player.changed());
	document.addEventListener("keydown", pressed);
	useTools(false);
	await Promise.all([openFirst, () => shelf.list(), () => beginLessons(guarded)].map(guarded));
	document.body.dataset.ready = "yes";
	tones().catch(() => {}); // to play sooner
}

begin();
