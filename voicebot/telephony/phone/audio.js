// @ts-check
/**
 * Microphone and loudspeaker of the browser, as the two ends of a telephone line: mu-law in, mu-law out.
 * @module
 */

import { fromMulaw, Resampler, TELEPHONE_RATE, toMulaw } from "./sound.js";

/** Bytes of mu-law in one message: 20 ms, as the carrier sends them. */
const FRAME = 160;

/**
 * The microphone, with the browser's own echo cancelling so that the bot does not hear itself.
 * @returns {Promise<MediaStream>}
 * @throws {DOMException} NotAllowedError, NotFoundError, NotReadableError; SecurityError on a page without https
 */
export async function openMicrophone() {
  if (!navigator.mediaDevices) throw new DOMException("no secure context", "SecurityError");
  return navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  });
}

/** The sound of one call. */
export class Handset {
  #context;
  #microphone;
  /** @type {AudioWorkletNode | undefined} */ #earpiece;
  #upsampler;
  /** @type {number[]} */ #unsent = [];

  /**
   * @param {AudioContext} context made in the caller's click, or the browser keeps it silent
   * @param {MediaStream | null} microphone null: silence is sent
   */
  constructor(context, microphone) {
    this.#context = context;
    this.#microphone = microphone;
    this.#upsampler = new Resampler(TELEPHONE_RATE, context.sampleRate);
  }

  /**
   * Begin to listen and to play.
   * @param {(mulaw: Uint8Array) => void} onFrame 160 bytes, 50 times a second
   * @param {(mark: string) => void} onPlayed a mark whose sound has been heard or cleared
   */
  async open(onFrame, onPlayed) {
    const context = this.#context;
    await Promise.all(["capture.js", "playback.js"].map((file) =>
      context.audioWorklet.addModule(new URL(file, import.meta.url))));
    await context.resume();
    this.#earpiece = new AudioWorkletNode(context, "playback", { numberOfInputs: 0, outputChannelCount: [1] });
    this.#earpiece.port.onmessage = ({ data }) => onPlayed(data);
    this.#earpiece.connect(context.destination);
    const capture = new AudioWorkletNode(context, "capture", {
      channelCount: 1, channelCountMode: "explicit", outputChannelCount: [1],
    });
    const downsampler = new Resampler(context.sampleRate, TELEPHONE_RATE);
    capture.port.onmessage = ({ data }) => this.#frames(downsampler.process(data), onFrame);
    capture.connect(context.destination);
    if (this.#microphone) context.createMediaStreamSource(this.#microphone).connect(capture);
  }

  /**
   * @param {Float32Array} samples at 8 kHz
   * @param {(mulaw: Uint8Array) => void} onFrame
   */
  #frames(samples, onFrame) {
    this.#unsent.push(...toMulaw(samples));
    while (this.#unsent.length >= FRAME) onFrame(Uint8Array.from(this.#unsent.splice(0, FRAME)));
  }

  /** @param {Uint8Array} mulaw played behind what is already waiting */
  play(mulaw) {
    const sound = this.#upsampler.process(fromMulaw(mulaw));
    this.#earpiece?.port.postMessage(sound, [sound.buffer]);
  }

  /** @param {string} mark told back once all before it has been heard */
  mark(mark) {
    this.#earpiece?.port.postMessage({ mark, latency: this.#context.outputLatency || 0 });
  }

  /** Drop what waits to be played; its marks are told back at once. */
  clear() {
    this.#upsampler = new Resampler(TELEPHONE_RATE, this.#context.sampleRate);
    this.#earpiece?.port.postMessage("clear");
  }

  /** Let go of microphone and loudspeaker. */
  close() {
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    if (this.#context.state !== "closed") void this.#context.close();
  }
}
