// Training: a tunebook is read and learned from; the curves grow meanwhile.

import { $, made, on } from "./dom.js";
import { ask, get } from "./server.js";
import { texts } from "./texts.js";

const LOOK = 1500; // milliseconds
const [WIDTH, HEIGHT] = [240, 90];

let book = "";
let timer = 0;

// Fill in the networks that there are to choose from; there may be none but the first.
export async function listNetworks() {
	const { networks } = await get("networks");
	const chosen = $("network").value;
	$("network").replaceChildren(new Option(texts.firstNetwork, ""), ...networks.map((one) => new Option(one)));
	$("network").value = networks.includes(chosen) ? chosen : "";
	$("networks").hidden = !networks.length;
}

async function read(given) {
	book = await given.text();
	const { tunes, unread, reasons } = await ask("train/look", { abc: book });
	$("reasons").replaceChildren(...reasons.map((textContent) => made("li", { textContent })));
	$("learn").disabled = !tunes;
	$("learn-name").value ||= given.name.replace(/\.\w+$/, "").match(/[A-Za-z0-9]+/g)?.join("-").slice(0, 30) ?? "mine";
	return texts.canLearn(tunes, unread);
}

async function learn() {
	await ask("train", { abc: book, name: $("learn-name").value.trim() });
	watch();
}

async function watch() {
	clearTimeout(timer);
	let now;
	try {
		now = await get("train");
	} catch {
		return; // the studio is gone
	}
	const { name, running, failed, epochs, rows, said } = now;
	if (!name) return;
	$("learning").hidden = false;
	$("learn-stop").hidden = !running;
	$("learn-said").textContent = failed && !running ? said.at(-1) : texts.learned(name, rows.at(-1), epochs, running);
	draw(rows, epochs);
	await listNetworks();
	if (running) timer = setTimeout(watch, LOOK);
}

// The losses of the epochs so far, of what is learned and of what is held out.
function draw(rows, epochs) {
	const all = rows.flatMap((row) => [row.loss, row.validation]);
	const [least, most] = [Math.min(...all), Math.max(...all)];
	const at = (row, of) =>
		`${((row.epoch - 1) * WIDTH) / Math.max(epochs - 1, 1)},${HEIGHT - 8 - ((HEIGHT - 16) * (row[of] - least)) / (most - least || 1)}`;
	const line = (of) => `<polyline class="${of}" points="${rows.map((row) => at(row, of)).join(" ")}"/>`;
	$("curves").innerHTML = line("loss") + line("validation");
}

export async function beginLessons(guarded) {
	on("learn-file", "change", () => guarded(() => read($("learn-file").files[0])));
	on("lessons", "dragover", (event) => event.preventDefault());
	on("lessons", "drop", (event) => {
		event.preventDefault();
		const [given] = event.dataTransfer.files;
		if (given) guarded(() => read(given));
	});
	on("learn", "click", () => guarded(learn));
	on("learn-stop", "click", () => guarded(async () => (await ask("train/stop"), watch())));
	await Promise.all([listNetworks(), watch()]);
}
