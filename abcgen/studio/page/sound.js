// Sound: the server's WAV, played by Web Audio. One thing sounds at a time.

import { file } from "./server.js";

export class Sound {
  constructor(onChange) {
    this.onChange = onChange;
    this.kept = { key: "", buffer: null };
  }

  get playing() {
    return Boolean(this.source || this.loading);
  }

  // Play a tune, given as what the server is asked for its sound.
  async play(asked, loop) {
    this.stop();
    this.context ??= new AudioContext();
    this.context.resume();
    const waiting = (this.loading = new AbortController());
    this.onChange();
    try {
      const key = JSON.stringify(asked);
      if (this.kept.key !== key) {
        const data = await (await file("render/wav", asked, waiting.signal)).arrayBuffer();
        this.kept = { key, buffer: await this.context.decodeAudioData(data) };
      }
      if (this.loading !== waiting) return;
      const source = (this.source = this.context.createBufferSource());
      source.buffer = this.kept.buffer;
      source.loop = loop;
      source.connect(this.context.destination);
      source.onended = () => {
        if (this.source === source) this.stop();
      };
      source.start();
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    } finally {
      if (this.loading === waiting) this.loading = null;
      this.onChange();
    }
  }

  loop(on) {
    if (this.source) this.source.loop = on;
  }

  stop() {
    this.loading?.abort();
    this.loading = null;
    const source = this.source;
    this.source = null;
    source?.stop();
    this.onChange();
  }
}
