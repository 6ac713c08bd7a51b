// @ts-check
/**
 * The sound of a telephone line, as arithmetic only: G.711 mu-law and resampling of a live stream.
 * @module
 */

/** Samples per second on a telephone line (ITU-T G.711), in Hz. */
export const TELEPHONE_RATE = 8000;

/**
 * One mu-law byte as a sample, the same values as the server's decoder.
 * @param {number} byte 0 to 255
 * @returns {number} -1 to 1
 */
function decoded(byte) {
  const code = ~byte & 0xff;
  const value = ((((code & 15) << 3) + 132) << (code >> 4 & 7)) - 132;
  return (code & 0x80 ? -value : value) / 32768;
}

const DECODE = Float32Array.from({ length: 256 }, (_, byte) => decoded(byte));

/**
 * G.711 mu-law as samples.
 * @param {Uint8Array} bytes one sample each
 * @returns {Float32Array} -1 to 1
 */
export function fromMulaw(bytes) {
  return Float32Array.from(bytes, (byte) => DECODE[byte]);
}

/**
 * Samples as G.711 mu-law, clipped to the loudest the line can carry.
 * @param {Float32Array} samples -1 to 1
 * @returns {Uint8Array} one byte per sample
 */
export function toMulaw(samples) {
  return Uint8Array.from(samples, (sample) => {
    const linear = Math.max(-32768, Math.min(32767, Math.round(sample * 32768))) >> 2;
    const magnitude = Math.min(Math.abs(linear) + 33, 8191);
    const segment = 26 - Math.clz32(magnitude);
    return (segment << 4 | magnitude >> segment + 1 & 15) ^ (linear < 0 ? 0x7f : 0xff);
  });
}

/** Zero crossings of the sinc on each side, in samples of the lower rate, for 60 dB over a band of 0.1 of it (Kaiser). */
const SPAN = 18.2;
/** Kaiser's shape for 60 dB: 0.1102 · (60 − 8.7). */
const BETA = 5.65;
/** Where the low-pass has fallen by 6 dB, as a part of the lower rate: 3,600 Hz on a telephone line. */
const CUTOFF = 0.45;

/**
 * The modified Bessel function of the first kind and order 0, by its power series.
 * @param {number} x
 */
function bessel(x) {
  let sum = 1;
  for (let term = 1, k = 1; term > 1e-9 * sum; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** @type {(a: number, b: number) => number} */
const divisor = (a, b) => (b ? divisor(b, a % b) : a);

/**
 * A stream of sound at one rate turned into another, block by block, without a seam: a polyphase
 * windowed-sinc low-pass over the exact ratio of the rates. It holds back about 2.3 ms.
 */
export class Resampler {
  /** @type {Float32Array[]} */ #phases;
  /** @type {Float32Array} */ #rest;
  #up;
  #down;
  #half;
  #at;
  #phase = 0;

  /**
   * @param {number} from Hz, whole
   * @param {number} to Hz, whole
   */
  constructor(from, to) {
    const common = divisor(from, to);
    const lower = Math.min(from, to);
    this.#up = to / common;
    this.#down = from / common;
    this.#half = Math.ceil(SPAN * from / lower);
    this.#phases = Array.from({ length: this.#up }, (_, phase) => this.#taps(phase / this.#up, CUTOFF * lower / from));
    this.#rest = new Float32Array(this.#half - 1);
    this.#at = this.#half - 1;
  }

  /**
   * The filter for an output that lies `offset` after an input sample; its gain at 0 Hz is 1.
   * @param {number} offset 0 to 1, in input samples
   * @param {number} cutoff cycles per input sample
   */
  #taps(offset, cutoff) {
    const half = this.#half;
    const taps = Float64Array.from({ length: 2 * half }, (_, index) => {
      const t = offset + half - 1 - index;
      const angle = 2 * Math.PI * cutoff * t;
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
      return sinc * bessel(BETA * Math.sqrt(Math.max(0, 1 - (t / half) ** 2)));
    });
    const gain = taps.reduce((sum, tap) => sum + tap, 0);
    return Float32Array.from(taps, (tap) => tap / gain);
  }

  /**
   * The next samples out, for the next samples in.
   * @param {Float32Array} block of any length
   * @returns {Float32Array}
   */
  process(block) {
    const input = new Float32Array(this.#rest.length + block.length);
    input.set(this.#rest);
    input.set(block, this.#rest.length);
    const output = [];
    while (this.#at + this.#half < input.length) {
      const taps = this.#phases[this.#phase];
      const first = this.#at - this.#half + 1;
      let sum = 0;
      for (let index = 0; index < taps.length; index += 1) sum += taps[index] * input[first + index];
      output.push(sum);
      const next = this.#phase + this.#down;
      this.#at += Math.floor(next / this.#up);
      this.#phase = next % this.#up;
    }
    const done = this.#at - this.#half + 1;
    this.#rest = input.slice(done);
    this.#at -= done;
    return Float32Array.from(output);
  }
}
