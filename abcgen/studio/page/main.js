// The page: what its buttons and keys do.

import { addressOf, tuneOf } from "./link.js";
import { Past } from "./past.js";
import { Score, small, spans } from "./score.js";
import { ask, file } from "./server.js";
import { Shelf } from "./shelf.js";
import { Sound } from "./sound.js";
import { choices, keyNames, keyTexts, texts } from "./texts.js";

const $ = (id) => document.getElementById(id);
const TYPING = 120; // milliseconds without a key until a text is read
const FORMATS = ["abc", "midi", "wav", "mp3", "pdf", "musicxml", "svg"];
const ENDINGS = { midi: "mid" };

const past = new Past();
const score = new Score($("score"), showMarks);
const sound = new Sound(showPlaying);
const shelf = new Shelf(openText, guarded);
let others = []; // tunes to choose from
let how = "composed"; // what was done to make them
let working = 0;

// -- saying what happens --------------------------------------------------------------------------

function say(text) {
  $("status").textContent = text;
}

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
  const bars = score.numbers ?? [];
  const words = texts.marks(spans(score.marked), spans(score.locked));
  const at = score.cursor;
  const here =
    at === null ? "" : texts.barState(at, score.marked.has(at), score.locked.has(at));
  const nothing = past.now ? (bars.length ? texts.noMarks : texts.noBars) : texts.welcome;
  $("marked").textContent = words || nothing;
  if (here && document.activeElement === $("score")) say(here);
}

function showPlaying() {
  $("play").textContent = sound.playing ? texts.stop : texts.play;
}

// -- the tune on the desk -------------------------------------------------------------------------

// Put a tune on the desk, with what was done to make it.
function lay(tune, done, kept = {}) {
  past.add({ ...tune, done, ...kept });
  showNow();
}

function showNow() {
  const tune = past.now;
  score.show(tune);
  if ($("text").value !== tune.abc) $("text").value = tune.abc;
  showFault("", -1);
  if ($("surprise").getAttribute("aria-pressed") === "true") guarded(colour);
  $("undo").disabled = !past.can(-1);
  $("redo").disabled = !past.can(1);
  document.title = `${tune.title || texts.untitled} – abcgen studio`;
}

function now() {
  if (!past.now) throw new Error(texts.noTune);
  return past.now;
}

function step(by) {
  if (past.step(by)) showNow();
}

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

// -- compose and change ---------------------------------------------------------------------------

async function compose() {
  const tonic = $("tonic").value;
  const asked = {
    key: tonic && tonic + $("mode").value,
    meter: $("meter").value,
    rhythm: $("rhythm").value,
    form: $("form").value.trim(),
    title: $("title").value.trim(),
    chords: { yes: true, no: false }[$("chords").value],
    temperature: Number($("boldness").value),
    seed: $("seed").value ? Number($("seed").value) : undefined,
    count: Number($("count").value),
  };
  say(texts.working);
  const { tunes } = await ask("compose", asked);
  shelf.close();
  score.locked.clear();
  score.marked.clear();
  lay(tunes[0], "composed");
  offer(tunes.length > 1 ? tunes : [], "composed");
  await shelf.list();
  return texts.ready;
}

// The marked bars without the locked ones; where none is marked, all that are not locked.
function chosen() {
  const bars = new Set(score.marked.size || !score.locked.size ? score.marked : score.numbers);
  for (const bar of score.locked) bars.delete(bar);
  return bars;
}

async function change(way, done) {
  const tune = now();
  const bars = chosen();
  if (!tune.bars.length) return texts.noBars;
  if (!bars.size && way !== "vary") return texts.noMarks;
  const named = way === "go on" ? `${Math.min(...bars)}` : spans(bars) || undefined;
  say(texts.working);
  const { tunes } = await ask("change", {
    abc: tune.abc,
    how: way,
    bars: named,
    alternatives: Number($("alternatives").value),
    temperature: Number($("boldness").value),
  });
  offer(tunes, done, shownBars(way, bars, tune));
  return tunes.length ? texts.ready : texts.noOthers;
}

// The bars that a small score must show.
function shownBars(way, bars, tune) {
  const last = Math.max(...tune.bars);
  if (way === "answer") {
    const first = Math.max(...bars) + 1;
    return new Set(tune.bars.filter((bar) => bar >= first && bar < first + bars.size));
  }
  if (way === "go on") return new Set([Math.min(...bars), Math.min(...bars) + 1, last]);
  return bars;
}

// Show tunes to choose from; none closes the list.
function offer(tunes, done, bars = new Set()) {
  others = tunes;
  how = done;
  $("choice").hidden = !tunes.length;
  $("others").replaceChildren(
    ...tunes.map((tune, index) => {
      const li = document.createElement("li");
      const place = document.createElement("div");
      place.className = "small score";
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", `${texts.other(index + 1)}: ${tune.title}`);
      li.append(place, button(texts.play, () => playOrStop(tune)), button(texts.keep, () => keep(index)));
      return li;
    }),
  );
  [...$("others").children].forEach((li, index) => small(li.firstChild, tunes[index], bars));
  if (tunes.length) $("choice").scrollIntoView({ block: "nearest" });
}

function button(label, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", () => guarded(onClick));
  return made;
}

function keep(index) {
  if (!others[index]) return;
  lay(others[index], how);
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

// -- judge ----------------------------------------------------------------------------------------

async function colour() {
  const tune = now();
  if (!tune.bars.length) return texts.noBars;
  const { bits } = await ask("bits", { abc: tune.abc });
  if (past.now === tune) score.colour(bits);
  const [bar, most] = Object.entries(bits).reduce((a, b) => (b[1] > a[1] ? b : a));
  return texts.bits(Number(bar), most);
}

async function surprise() {
  const on = $("surprise").getAttribute("aria-pressed") !== "true";
  $("surprise").setAttribute("aria-pressed", on);
  if (on) return colour();
  score.colour(null);
}

async function nearest() {
  const { match } = await ask("nearest", { abc: now().abc });
  return match ? texts.near(match) : texts.noNear;
}

// -- sound, text, files ---------------------------------------------------------------------------

async function playOrStop(tune) {
  if (sound.playing) return void sound.stop();
  const qpm = Number($("qpm").value) || undefined;
  await sound.play({ abc: tune.abc, qpm, instrument: $("instrument").value }, $("loop").checked);
}

let typing = 0;
let reading = null;

function typed() {
  clearTimeout(typing);
  reading?.abort();
  typing = setTimeout(() => guarded(readText), TYPING);
}

async function readText() {
  const abc = $("text").value;
  if (!abc.trim() || abc === past.now?.abc) return showFault("", -1);
  reading = new AbortController();
  const checked = await ask("check", { abc }, reading.signal);
  if (abc !== $("text").value) return;
  if (checked.tune) {
    past.add({ ...checked.tune, abc, done: "edited" });
    showNow();
    // It can be drawn, but other players may refuse it. A header may be in any order.
    if (checked.fault && checked.fault.bar !== null) showFault(checked.fault.words, checked.fault.position);
  } else showFault(checked.reason, checked.fault?.position ?? -1); // the last good score stays
}

// Show what is wrong with the text, underlined from a position to the end of its line.
function showFault(reason, position) {
  const abc = $("text").value;
  $("fault").textContent = reason ?? "";
  $("text").setAttribute("aria-invalid", Boolean(reason));
  const under = $("under");
  under.replaceChildren();
  if (!reason || position < 0) return;
  const from = Math.min(position, Math.max(abc.length - 1, 0));
  const rest = abc.slice(from).search(/[|\n]/);
  const to = from + Math.max(rest, 1);
  const mark = document.createElement("mark");
  mark.textContent = abc.slice(from, to) || " ";
  under.append(abc.slice(0, from), mark, `${abc.slice(to)}\n `); // as high as the text is
  under.scrollTop = $("text").scrollTop;
}

function takeAlong(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function download(format) {
  const { abc, title } = now();
  const sounding = ["midi", "wav", "mp3"].includes(format);
  const qpm = Number($("qpm").value) || undefined;
  const asked = sounding ? { abc, qpm, instrument: $("instrument").value } : { abc };
  const name = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "tune";
  takeAlong(await file(`render/${format}`, asked), `${name}.${ENDINGS[format] ?? format}`);
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

// -- buttons and keys -----------------------------------------------------------------------------

const actions = {
  play: () => playOrStop(now()),
  undo: () => step(-1),
  redo: () => step(1),
  save,
  redraw: () => change("redraw", "redrawn"),
  vary: () => change("vary", "varied"),
  answer: () => change("answer", "answered"),
  "go-on": () => change("go on", "continued"),
  lock: () => score.lock(),
  surprise,
  nearest,
  help: () => $("keys").showModal(),
  export: async () => takeAlong(await shelf.takeOut(), "book.abc"),
};

const keys = {
  c: compose,
  " ": actions.play,
  ArrowLeft: (event) => score.move(-1, event.shiftKey),
  ArrowRight: (event) => score.move(1, event.shiftKey),
  Enter: () => score.cursor !== null && score.toggle(score.cursor),
  Escape: () => {
    score.clear();
    sound.stop();
    offer([], "");
  },
  r: actions.redraw,
  v: actions.vary,
  a: actions.answer,
  g: actions["go-on"],
  l: actions.lock,
  u: actions.undo,
  y: actions.redo,
  s: actions.save,
  b: () => $("search").focus(),
  t: () => $("text").focus(),
  "?": actions.help,
};

function pressed(event) {
  const at = event.target;
  const inField = at.closest("input, select, textarea, dialog");
  if (event.key === "Escape" && inField && !at.closest("dialog")) return at.blur();
  const undoing = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (undoing && !inField) {
    event.preventDefault();
    return step(event.shiftKey ? 1 : -1);
  }
  if (inField || event.ctrlKey || event.metaKey || event.altKey) return;
  if (at.closest("button") && [" ", "Enter"].includes(event.key)) return; // they press it
  const action = /^[1-8]$/.test(event.key) ? () => keep(Number(event.key) - 1) : keys[event.key];
  if (!action) return;
  event.preventDefault();
  guarded(() => action(event));
}

function option(value, label) {
  return new Option(label, value);
}

function fill() {
  for (const element of document.querySelectorAll("[data-text]"))
    element.textContent = texts[element.dataset.text];
  for (const element of document.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", texts[element.dataset.label]);
  for (const name of ["tonic", "meter", "rhythm"])
    $(name).append(option("", texts.any), ...choices[name].map((one) => option(one, one)));
  for (const [value, name] of Object.entries(choices.mode)) $("mode").append(option(value, texts[name]));
  $("chords").append(option("", texts.any), option("yes", texts.withChords), option("no", texts.withoutChords));
  for (const [value, name] of Object.entries(choices.instrument))
    $("instrument").append(option(value, name));
  $("formats").append(
    ...FORMATS.map((format) => button(format === "abc" ? "ABC" : format.toUpperCase(), () => download(format))),
    button(texts.link, copyLink),
    button(texts.print, () => window.print()),
  );
  for (const [key, what] of Object.entries(keyTexts)) {
    const name = document.createElement("dt");
    const meaning = document.createElement("dd");
    name.append(Object.assign(document.createElement("kbd"), { textContent: keyNames[key] ?? key }));
    meaning.textContent = what;
    $("key-list").append(name, meaning);
  }
}

async function begin() {
  fill();
  showPlaying();
  showMarks();
  for (const [id, action] of Object.entries(actions))
    $(id).addEventListener("click", () => guarded(action));
  $("wishes").addEventListener("submit", (event) => {
    event.preventDefault();
    guarded(compose);
  });
  $("to").addEventListener("change", () => guarded(transpose));
  $("text").addEventListener("input", typed);
  $("text").addEventListener("scroll", () => ($("under").scrollTop = $("text").scrollTop));
  $("loop").addEventListener("change", () => sound.loop($("loop").checked));
  document.addEventListener("keydown", pressed);
  $("undo").disabled = $("redo").disabled = true;
  await guarded(async () => {
    const sent = await tuneOf(location.hash);
    if (sent) {
      history.replaceState(null, "", "/");
      await openText(sent);
    } else await shelf.reopen();
    await shelf.list();
  });
  document.body.dataset.ready = "yes";
}

begin();
