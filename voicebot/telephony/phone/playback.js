// @ts-check
/// <reference lib="webworker" />
/**
 * The earpiece: sound and marks in one queue, in order. A mark is reported when the sound before it has left
 * the loudspeaker; `clear` drops the sound and reports every mark still waiting, as the carrier does.
 * @module
 */

/** Longest sound kept waiting, in seconds: the carrier's own limit. */
const LONGEST = 600;

class Playback extends AudioWorkletProcessor {
  /** @type {(Float32Array | {mark: string, latency: number})[]} */ #queue = [];
  /** @type {{mark: string, frame: number}[]} */ #leaving = [];
  #offset = 0;
  #waiting = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data === "clear") this.#clear();
      else if (!(data instanceof Float32Array)) this.#queue.push(data);
      else if (this.#waiting + data.length <= LONGEST * sampleRate) {
        this.#waiting += data.length;
        this.#queue.push(data);
      }
    };
  }

  #clear() {
    for (const { mark } of this.#leaving) this.port.postMessage(mark);
    for (const item of this.#queue) if (!(item instanceof Float32Array)) this.port.postMessage(item.mark);
    this.#queue = [];
    this.#leaving = [];
    this.#offset = 0;
    this.#waiting = 0;
  }

  /**
   * @param {Float32Array[][]} _inputs none
   * @param {Float32Array[][]} outputs one output, mono
   */
  process(_inputs, [[output]]) {
    let filled = 0;
    while (this.#queue.length && (filled < output.length || !(this.#queue[0] instanceof Float32Array))) {
      const item = this.#queue[0];
      if (item instanceof Float32Array) {
        const part = item.subarray(this.#offset, this.#offset + output.length - filled);
        output.set(part, filled);
        filled += part.length;
        this.#offset += part.length;
        if (this.#offset < item.length) break;
        this.#waiting -= item.length;
        this.#offset = 0;
      } else {
        this.#leaving.push({ mark: item.mark, frame: currentFrame + filled + item.latency * sampleRate });
      }
      this.#queue.shift();
    }
    while (this.#leaving.length && this.#leaving[0].frame <= currentFrame + output.length) {
      this.port.postMessage(this.#leaving.shift()?.mark);
    }
    return true;
  }
}

registerProcessor("playback", Playback);
