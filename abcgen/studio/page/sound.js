// Plays tunes by Web Audio from the server's tones. Everything may change while it plays: tempo,
// voice, chords, what is looped. Notes are given to the browser a moment ahead, to the sample.

import { ask, file } from "./server.js";

const AHEAD = 0.25; // seconds
const TICK = 50; // milliseconds
const FADE = 0.07;
const TONES = [1.5, 6]; // seconds that tones are held
const CHORDS = "nylon guitar";
const KEPT = 24; // schedules

export class Player {
	// `set` gives the settings at any time: qpm, instrument, chords, metronome, countIn, loop, rise.
	constructor(set, onChange, onNote) {
		Object.assign(this, { set, onChange, onNote });
		this.schedules = new Map();
		this.tones = new Map();
		this.playing = null;
	}

	async schedule({ abc }) {
		if (!this.schedules.has(abc)) {
			this.schedules.set(abc, ask("schedule", { abc }));
			if (this.schedules.size > KEPT) this.schedules.delete(this.schedules.keys().next().value);
		}
		try {
			return await this.schedules.get(abc);
		} catch (error) {
			this.schedules.delete(abc);
			throw error;
		}
	}

	// Have everything at hand that a tune needs to be played.
	async prepare(tune) {
		const { melody, chords } = await this.schedule(tune);
		await Promise.all([this.load(melody, this.set().instrument), this.load(chords, CHORDS)]);
	}

	async load(sounds, instrument) {
		const some = async (seconds) => {
			const key = (pitch) => `${instrument} ${seconds} ${pitch}`;
			const fits = sounds.filter(([, length, pitch]) => this.held(length) === seconds && !this.tones.has(key(pitch)));
			const pitches = [...new Set(fits.map(([, , pitch]) => pitch))];
			if (!pitches.length) return;
			const wav = await file("tones", { instrument, seconds, pitches: pitches.join() });
			const whole = await new OfflineAudioContext(1, 1, 44100).decodeAudioData(await wav.arrayBuffer());
			const length = Math.floor(whole.length / pitches.length);
			pitches.forEach((pitch, place) => {
				const buffer = new AudioBuffer({ length, sampleRate: whole.sampleRate });
				buffer.copyToChannel(whole.getChannelData(0).subarray(place * length), 0);
				this.tones.set(key(pitch), buffer);
			});
		};
		await Promise.all(TONES.map(some));
	}

	// Let it sound; that takes a moment.
	wake() {
		this.context ??= new AudioContext();
		this.context.resume();
		return this.context;
	}

	held(length) {
		return TONES.find((seconds) => length / this.speed <= seconds) ?? TONES.at(-1);
	}

	get speed() {
		return this.playing?.speed ?? 1;
	}

	// Play a tune; `span` returns where from and to, in its seconds, or nothing for all of it.
	async play(tune, span = () => null) {
		this.stop();
		const context = this.wake();
		const now = (this.playing = { tune, span, lit: [], risen: 1, next: 0, speed: 1 });
		this.onChange();
		try {
			now.plan = await this.schedule(tune);
			this.pace(now);
			await this.prepare(tune);
		} catch (error) {
			this.stop();
			throw error;
		}
		if (this.playing !== now) return;
		now.events = ["melody", "chords", "notes", "beats"]
			.flatMap((kind) => now.plan[kind].map((one) => [one[0], kind, one]))
			.sort((a, b) => a[0] - b[0]);
		now.out = new GainNode(context);
		now.out.connect(context.destination);
		const start = context.currentTime + 0.06;
		this.begin(now, start + this.countIn(now, start));
		now.timer = setInterval(() => this.tick(now), TICK);
		this.tick(now);
		this.light(now);
	}

	pace(now) {
		now.speed = ((this.set().qpm || now.plan.qpm) / now.plan.qpm) * now.risen;
	}

	begin(now, time) {
		[now.from, now.to] = now.span(now.plan) ?? [0, now.plan.seconds];
		now.anchor = { time, at: now.from };
		now.next = now.events.findIndex(([at]) => at >= now.from - 1e-4);
	}

	when(now, at) {
		return now.anchor.time + (at - now.anchor.at) / now.speed;
	}

	// The tempo was changed: what is to come follows it.
	changed() {
		const now = this.playing;
		if (!now?.events) return;
		const at = now.events[now.next]?.[0] ?? now.to;
		now.anchor = { time: this.when(now, at), at };
		this.pace(now);
		this.prepare(now.tune);
	}

	tick(now) {
		const horizon = this.context.currentTime + AHEAD;
		for (;;) {
			const [at, kind, one] = now.events[now.next] ?? [Infinity];
			if (at > now.to - 1e-4) {
				const end = this.when(now, now.to);
				if (this.set().loop && end <= horizon) {
					now.risen *= 1 + this.set().rise / 100;
					this.begin(now, end);
					this.pace(now);
					continue;
				}
				if (!this.set().loop && end + FADE < this.context.currentTime) this.stop();
				return;
			}
			const time = this.when(now, at);
			if (time > horizon) return;
			now.next += 1;
			if (kind === "notes") now.lit.push([time, one[2]]);
			else if (kind === "beats") this.set().metronome && this.click(now.out, time, one[1]);
			else if (kind === "melody") this.sound(now.out, time, one, this.set().instrument);
			else if (this.set().chords) this.sound(now.out, time, one, CHORDS);
		}
	}

	// Click before the tune begins: a bar, and what a pickup lacks. Return the seconds that it takes.
	countIn(now, start) {
		const { beats } = now.plan;
		const first = beats.findIndex(([, begins]) => begins);
		const bar = beats.slice(first + 1).findIndex(([, begins]) => begins) + 1;
		if (!this.set().countIn || first < 0 || !bar) return 0;
		const beat = (beats[first + 1][0] - beats[first][0]) / now.speed;
		const whole = now.span(now.plan) ? 0 : first;
		const count = whole ? 2 * bar - whole : bar;
		for (let place = 0; place < count; place++)
			this.click(now.out, start + place * beat, place % bar === 0);
		return count * beat;
	}

	sound(out, time, [, length, pitch, loudness], instrument) {
		const buffer = this.tones.get(`${instrument} ${this.held(length)} ${pitch}`);
		if (!buffer) return;
		const source = new AudioBufferSourceNode(this.context, { buffer });
		const gain = new GainNode(this.context, { gain: loudness });
		const end = time + length / this.speed;
		gain.gain.setValueAtTime(loudness, end);
		gain.gain.linearRampToValueAtTime(0, end + FADE);
		source.connect(gain).connect(out);
		source.start(time);
		source.stop(end + FADE);
	}

	click(out, time, strong) {
		const source = new OscillatorNode(this.context, { frequency: strong ? 1600 : 1050 });
		const gain = new GainNode(this.context, { gain: 0.25 });
		gain.gain.setValueAtTime(0.25, time);
		gain.gain.exponentialRampToValueAtTime(0.001, time + 0.04);
		source.connect(gain).connect(out);
		source.start(time);
		source.stop(time + 0.05);
	}

	light(now) {
		if (this.playing !== now) return;
		let place = null;
		while (now.lit[0]?.[0] <= this.context.currentTime) place = now.lit.shift()[1];
		if (place !== null) this.onNote(now.tune, place);
		requestAnimationFrame(() => this.light(now));
	}

	// Let the note at a place of the text be heard once.
	async strike(tune, offset) {
		const { notes, melody } = await this.schedule(tune);
		const note = notes.find((one) => one[2] === offset);
		const heard = note && melody.findLast(([at]) => at <= note[0] + 1e-3);
		if (heard) await this.hear(heard);
	}

	// Let a sound be heard at once.
	async hear(sound) {
		const context = this.wake();
		const { instrument } = this.set();
		await this.load([sound], instrument);
		this.sound(context.destination, context.currentTime, sound, instrument);
	}

	stop() {
		const now = this.playing;
		this.playing = null;
		clearInterval(now?.timer);
		now?.out?.disconnect();
		this.onNote(null, null);
		this.onChange();
	}
}

// Return where the bars of some numbers are played first, from and to in seconds.
export function spanOf({ notes, seconds }, bars, numbers) {
	const inside = ([, , , bar]) => numbers.has(bars[bar]);
	const first = notes.findIndex(inside);
	if (first < 0) return null;
	const behind = notes.findIndex((note, place) => place > first && !inside(note));
	return [notes[first][0], behind < 0 ? seconds : notes[behind][0]];
}
