// @ts-check
/// <reference lib="webworker" />
/**
 * What the microphone hears, in stretches of about 20 ms at the context's rate; silence where there is none,
 * because a telephone line never stops.
 * @module
 */

class Capture extends AudioWorkletProcessor {
  #quanta = [];
  #length = 0;

  /**
   * @param {Float32Array[][]} inputs one input, mono
   * @param {Float32Array[][]} outputs left silent: the caller does not hear themselves
   */
  process([[samples]], [[output]]) {
    const quantum = samples ? samples.slice() : new Float32Array(output.length);
    this.#quanta.push(quantum);
    this.#length += quantum.length;
    if (this.#length >= sampleRate / 50) this.#send();
    return true;
  }

  #send() {
    const stretch = new Float32Array(this.#length);
    let end = 0;
    for (const quantum of this.#quanta) {
      stretch.set(quantum, end);
      end += quantum.length;
    }
    this.port.postMessage(stretch, [stretch.buffer]);
    this.#quanta = [];
    this.#length = 0;
  }
}

registerProcessor("capture", Capture);
