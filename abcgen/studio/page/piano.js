// The opening played on the computer's keyboard: its letters are the keys of a piano.

import { ask } from "./server.js";

const CODES = [...[..."AWSEDFTGYHUJKOLP"].map((letter) => `Key${letter}`), "Semicolon"];
const [LOWEST, MIDDLE, HIGHEST] = [36, 60, 84];

export class Piano {
	// `key` gives the key and the metre; `onNote` is called with each pitch, `onMusic` with the ABC
	// of all that was played.
	constructor(key, onNote, onMusic) {
		Object.assign(this, { key, onNote, onMusic, lowest: MIDDLE, eighths: 1, notes: [] });
	}

	get pitches() {
		return CODES.map((_, step) => this.lowest + step);
	}

	// Take a key of the computer's keyboard, if it is one of the piano.
	async pressed(event) {
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const step = CODES.indexOf(event.code);
		const octave = { KeyZ: -12, KeyX: 12 }[event.code];
		const before = this.notes.length;
		if (step >= 0 && !event.repeat) {
			this.onNote(this.lowest + step);
			this.notes.push(`${this.lowest + step}:${this.eighths}`);
		} else if (octave) this.lowest = Math.min(Math.max(this.lowest + octave, LOWEST), HIGHEST);
		else if (/^[1-8]$/.test(event.key)) this.eighths = Number(event.key);
		else if (event.key === " ") this.notes.push(`z:${this.eighths}`);
		else if (event.key === "Backspace") this.notes.pop();
		else if (step < 0) return;
		event.preventDefault();
		if (this.notes.length === before) return;
		const notes = this.notes.join(" ");
		const { abc } = notes ? await ask("written", { notes, ...this.key() }) : { abc: "" };
		if (notes === this.notes.join(" ")) this.onMusic(abc); // nothing was played meanwhile
	}
}
