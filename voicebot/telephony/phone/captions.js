// @ts-check
/**
 * The conversation in writing, from the events of the call.
 * @module
 */

/** @typedef {import("./line.js").CallEvent} CallEvent */

/** How a call ended, by the server's `outcome`. @type {Record<string, string>} */
const OUTCOMES = {
  caller_hung_up: "Du lagde på.",
  goodbye: "Assistenten sagde farvel.",
  silence: "Der var stille, så assistenten lagde på.",
  fault: "Der skete en fejl hos os. Ring gerne op igen.",
  shutdown: "Telefonen lukker ned. Ring op igen om lidt.",
};

/**
 * A Danish number as it is written: +4546313000 is 46 31 30 00.
 * @param {string} number E.164
 */
export function writtenNumber(number) {
  return number.replace(/^\+45(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1 $2 $3 $4");
}

/** The list of what caller and bot said, the latest in sight. */
export class Captions {
  #list;
  /** The bot's latest turn, while nobody else has spoken. @type {HTMLElement | null} */ #reply = null;
  /** Sentences sent down the line and not yet heard to their end. @type {HTMLElement[]} */ #unheard = [];
  /** The caller's turn whose words are not known yet. @type {HTMLElement | null} */ #dots = null;
  #thinking = false;

  /** @param {HTMLElement} list emptied for a new call */
  constructor(list) {
    this.#list = list;
    list.replaceChildren();
    list.hidden = false;
  }

  /** @param {CallEvent} event other types than these leave no trace in the captions */
  show(event) {
    const { type } = event;
    if (type === "SpeechStarted") this.#dots ??= this.#turn("caller", "Du", "…", "dots");
    if (type === "Transcribed") this.#heard(event.text);
    if (type === "DigitPressed") this.#pressed(event.digit);
    if (type === "Saying") this.#saying(event.text);
    if (type === "Said") this.#said(event.text);
    if (type === "Interrupted") this.#cut();
    if (type === "Transferred") this.#handedOver(event.number);
    if (type === "CallEnded") this.#ended(event.outcome);
    if (type === "StateChanged") this.#changed(event.state);
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  /**
   * @param {string} who "caller" or "bot"
   * @param {string} name shown above the words
   * @param {string} text
   * @param {string[]} styles
   */
  #turn(who, name, text, ...styles) {
    const item = document.createElement("li");
    item.className = ["turn", who, ...styles].join(" ");
    item.dataset.who = who;
    const label = document.createElement("span");
    label.className = "who";
    label.textContent = name;
    const words = document.createElement("p");
    words.textContent = text;
    item.append(label, words);
    this.#list.append(item);
    this.#reply = null;
    return item;
  }

  /** @param {(string | Node)[]} parts of a line about the call itself */
  #note(...parts) {
    const item = document.createElement("li");
    item.className = "remark";
    item.append(...parts);
    this.#list.append(item);
    this.#reply = null;
  }

  /** @param {string} state what was thought about and left no words was a noise */
  #changed(state) {
    if (this.#thinking) this.#forgetDots();
    this.#thinking = state === "thinking";
  }

  /** A noise leaves no trace: the bot's turn before it goes on. */
  #forgetDots() {
    this.#dots?.remove();
    this.#dots = null;
    this.#reply = this.#list.querySelector(":scope > .bot:last-child");
  }

  /** @param {string} text stands where the caller began to speak, also when the bot has asked for a moment since */
  #heard(text) {
    if (!text) return this.#forgetDots();
    const turn = this.#dots ?? this.#turn("caller", "Du", "");
    turn.classList.remove("dots");
    if (turn.lastElementChild) turn.lastElementChild.textContent = text;
    this.#dots = null;
  }

  /** @param {string} digit "•" for a key whose digit is nobody's business */
  #pressed(digit) {
    this.#cut();
    this.#note(digit === "•" ? "Du trykkede på en tast." : `Du trykkede ${digit}.`);
  }

  /** @param {string} text */
  #saying(text) {
    this.#reply ??= this.#turn("bot", "Assistenten", "");
    const sentence = document.createElement("span");
    sentence.className = "unheard";
    sentence.textContent = text;
    this.#reply.lastElementChild?.append(sentence, " ");
    this.#unheard.push(sentence);
  }

  /** @param {string} text */
  #said(text) {
    const index = this.#unheard.findIndex((sentence) => sentence.textContent === text);
    if (index >= 0) this.#unheard.splice(index, 1)[0].className = "heard";
  }

  /** What was not heard to its end never will be. */
  #cut() {
    const sentences = this.#unheard.splice(0);
    for (const sentence of sentences) sentence.className = "cut";
    const mark = document.createElement("small");
    mark.textContent = "(afbrudt)";
    sentences.at(-1)?.after(" ", mark);
  }

  /** @param {string} number E.164 */
  #handedOver(number) {
    const link = document.createElement("a");
    link.href = `tel:${number}`;
    link.textContent = writtenNumber(number);
    this.#note("Nu ville du blive stillet om til en medarbejder. Det kan browseren ikke, så ring selv på ", link, ".");
  }

  /** @param {string} outcome */
  #ended(outcome) {
    this.#cut();
    this.#forgetDots();
    if (OUTCOMES[outcome]) this.#note(OUTCOMES[outcome]);
  }
}
