// @ts-check
/**
 * The carrier's media-stream protocol, spoken by a browser: see the carrier's WebSocket messages.
 * @module
 */

/**
 * What the line tells the telephone.
 * @typedef {object} Listener
 * @property {(mulaw: Uint8Array) => void} sound
 * @property {(name: string) => void} mark
 * @property {() => void} clear
 * @property {(event: CallEvent) => void} event something happened in the call
 * @property {() => void} closed the line is gone; the last that is told, unless `hangUp` was called
 */

/** An event of the call; `type` is its class name on the server. @typedef {{type: string, [field: string]: any}} CallEvent */

/** Bytes not yet sent at which new sound is dropped: about 10 s on a stuck network. */
const STUCK = 120_000;
/** Longest wait for the server to answer, in milliseconds. */
const PATIENCE = 10_000;

/** @param {number} count bytes @returns {string} hexadecimal, drawn at random */
function randomHex(count) {
  return Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A call over a WebSocket, from the caller's end. */
export class PhoneLine {
  #socket;
  #listener;
  #streamSid = `MZ${randomHex(16)}`;
  #callSid = `CA${randomHex(16)}`;
  #accountSid = `AC${"0".repeat(32)}`;
  #sequence = 0;
  #chunk = 0;
  #milliseconds = 0;

  /**
   * @param {URL} url ws or wss
   * @param {Listener} listener
   */
  constructor(url, listener) {
    this.#listener = listener;
    this.#socket = new WebSocket(url);
    const patience = setTimeout(() => this.#socket.close(), PATIENCE);
    this.#socket.onopen = () => {
      clearTimeout(patience);
      this.#start();
    };
    this.#socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    this.#socket.onclose = () => {
      clearTimeout(patience);
      listener.closed();
    };
  }

  #start() {
    this.#socket.send(JSON.stringify({ event: "connected", protocol: "Call", version: "1.0.0" }));
    this.#send("start", {
      accountSid: this.#accountSid,
      streamSid: this.#streamSid,
      callSid: this.#callSid,
      tracks: ["inbound"],
      mediaFormat: { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 },
      customParameters: {},
    });
  }

  /**
   * @param {string} event
   * @param {object} body
   */
  #send(event, body) {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#sequence += 1;
    const message = { event, sequenceNumber: String(this.#sequence), [event]: body, streamSid: this.#streamSid };
    this.#socket.send(JSON.stringify(message));
  }

  /** @param {any} message */
  #receive(message) {
    switch (message.event) {
      case "media":
        return this.#listener.sound(Uint8Array.from(atob(message.media.payload), (letter) => letter.charCodeAt(0)));
      case "mark":
        return this.#listener.mark(message.mark.name);
      case "clear":
        return this.#listener.clear();
      case "voicebot":
        return this.#listener.event(message);
    }
  }

  /** @param {Uint8Array} mulaw the caller's sound, one byte per sample at 8 kHz */
  sendSound(mulaw) {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const timestamp = this.#milliseconds;
    this.#chunk += 1;
    this.#milliseconds += mulaw.length / 8;
    if (this.#socket.bufferedAmount > STUCK) return;
    const payload = btoa(String.fromCharCode(...mulaw));
    this.#send("media", { track: "inbound", chunk: String(this.#chunk), timestamp: String(timestamp), payload });
  }

  /** @param {string} digit one of 0-9, * and # */
  sendDigit(digit) {
    this.#send("dtmf", { track: "inbound_track", digit });
  }

  /** @param {string} name of a mark whose sound has been heard or cleared */
  sendMark(name) {
    this.#send("mark", { name });
  }

  /** Put the receiver down; nothing more is told. */
  hangUp() {
    this.#send("stop", { accountSid: this.#accountSid, callSid: this.#callSid });
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
  }
}
