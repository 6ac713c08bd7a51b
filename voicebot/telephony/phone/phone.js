// @ts-check
/**
 * The web phone: buttons, state and messages around one call at a time.
 * @module
 */

import { Handset, openMicrophone } from "./audio.js";
import { Captions, writtenNumber } from "./captions.js";
import { PhoneLine } from "./line.js";

/** @param {string} id @returns {any} the element of this id */
const element = (id) => document.getElementById(id);

/** What each state is called, on the screen and to a screen reader. @type {Record<string, string>} */
const STATES = {
  idle: "Klar til at ringe op",
  dialing: "Ringer op",
  listening: "Lytter",
  thinking: "Tænker",
  speaking: "Taler",
  ended: "Samtalen er slut",
};

/** What to do about a microphone that cannot be had, by the name of the browser's error. @type {Record<string, string>} */
const NO_MICROPHONE = {
  NotAllowedError: "Siden har ikke lov til at bruge mikrofonen. Tryk på ikonet ved siden af adressen øverst, giv lov til mikrofonen, og ring op igen.",
  NotFoundError: "Der blev ikke fundet en mikrofon. Sæt en mikrofon eller et headset til, og ring op igen.",
  NotReadableError: "Mikrofonen er optaget. Luk det program, der bruger den, og ring op igen.",
};
const OTHER_MICROPHONE = "Mikrofonen kunne ikke åbnes. Prøv at genindlæse siden, og ring op igen.";
const WITHOUT_MICROPHONE = " Du kan også ringe op uden mikrofon: du hører assistenten og svarer med tasterne.";
const MICROPHONE_LOST = "Mikrofonen blev koblet fra. Du kan stadig svare med tasterne, eller lægge på og ringe op igen.";
const NOT_SECURE = "Telefonen virker kun på en sikker adresse. Åbn siden med https:// foran adressen.";
const OLD_BROWSER = "Browseren er for gammel til at ringe herfra. Opdatér den, eller brug en anden browser.";
const NO_SOUND = "Lyden kunne ikke startes. Genindlæs siden, og ring op igen.";
const NO_CONNECTION = "Der er ikke forbindelse til kommunens telefon. Prøv igen om lidt.";
const CONNECTION_LOST = "Forbindelsen blev afbrudt. Prøv at ringe op igen.";

/** The call being set up or under way. @type {Call | null} */
let current = null;
/** Where to call instead, once known. */
let elsewhere = "";

/** One call from the button to the end. */
class Call {
  /** @type {PhoneLine | undefined} */ #line;
  /** @type {Handset | undefined} */ #handset;
  #captions = new Captions(element("captions"));
  /** @type {number | undefined} */ #clock;
  #ended = false;

  /** @param {boolean} spoken false: without a microphone */
  async dial(spoken) {
    const context = new AudioContext({ latencyHint: "interactive" });
    let microphone = null;
    try {
      microphone = spoken ? await openMicrophone() : null;
    } catch (error) {
      void context.close();
      if (current === this) giveUp((NO_MICROPHONE[error.name] ?? OTHER_MICROPHONE) + WITHOUT_MICROPHONE, true);
      return;
    }
    const handset = this.#handset = new Handset(context, microphone);
    await handset.open((mulaw) => this.#line?.sendSound(mulaw), (mark) => this.#line?.sendMark(mark));
    if (current !== this) return handset.close();
    for (const track of microphone?.getTracks() ?? []) track.onended = () => notice(MICROPHONE_LOST);
    const url = new URL("/phone/media", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.#line = new PhoneLine(url, {
      sound: (mulaw) => handset.play(mulaw),
      mark: (name) => handset.mark(name),
      clear: () => handset.clear(),
      event: (event) => this.#follow(event),
      closed: () => this.#closed(),
    });
  }

  /** @param {import("./line.js").CallEvent} event */
  #follow(event) {
    if (event.type === "StateChanged" && event.state in STATES) {
      if (this.#clock === undefined) this.#answered();
      setState(event.state);
    }
    if (event.type === "CallEnded") this.#ended = true;
    this.#captions.show(event);
  }

  #answered() {
    const start = performance.now();
    const timer = element("timer");
    timer.hidden = false;
    const tick = () => {
      const seconds = Math.floor((performance.now() - start) / 1000);
      timer.textContent = [seconds / 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
    };
    tick();
    this.#clock = window.setInterval(tick, 1000);
  }

  #closed() {
    const answered = this.#clock !== undefined;
    this.leave();
    if (!answered) giveUp(NO_CONNECTION + elsewhere, false);
    else setState("ended");
    if (answered && !this.#ended) notice(CONNECTION_LOST + elsewhere);
  }

  /** Let go of line and sound. */
  leave() {
    if (current === this) current = null;
    this.#line?.hangUp();
    window.clearInterval(this.#clock);
    this.#handset?.close();
  }

  /** The caller puts the receiver down. */
  hangUp() {
    this.leave();
    this.#captions.show({ type: "CallEnded", outcome: "caller_hung_up" });
    setState("ended");
  }

  /** @param {string} digit */
  press(digit) {
    this.#line?.sendDigit(digit);
  }
}

/** @param {string} state a key of STATES */
function setState(state) {
  const inCall = !["idle", "dialing", "ended"].includes(state);
  const free = state === "idle" || state === "ended";
  document.body.dataset.state = state;
  element("state").dataset.state = state;
  element("state").textContent = STATES[state];
  for (const key of element("keypad").children) key.disabled = !inCall;
  if (element("call").hidden === !free) return;
  const focused = document.activeElement?.closest("button");
  element("call").hidden = !free;
  element("hang-up").hidden = free;
  if (focused) element(free ? "call" : "hang-up").focus();
}

/**
 * @param {string} text shown and announced; empty: no message
 * @param {boolean} offerSilent offer a call without microphone
 */
function notice(text, offerSilent = false) {
  element("notice-text").textContent = text;
  element("call-silent").hidden = !offerSilent;
}

/**
 * @param {string} text why there is no call, and what to do
 * @param {boolean} offerSilent
 */
function giveUp(text, offerSilent) {
  current = null;
  element("captions").hidden = true;
  element("intro").hidden = false;
  setState("idle");
  notice(text, offerSilent);
}

/** @param {boolean} spoken false: without a microphone */
async function dial(spoken) {
  if (current) return;
  notice("");
  if (!window.isSecureContext) return giveUp(NOT_SECURE + elsewhere, false);
  if (!window.AudioWorkletNode) return giveUp(OLD_BROWSER + elsewhere, false);
  element("intro").hidden = true;
  element("timer").hidden = true;
  showKeypad(false);
  const call = current = new Call();
  setState("dialing");
  try {
    await call.dial(spoken);
  } catch {
    const wanted = current === call;
    call.leave();
    if (wanted) giveUp(NO_SOUND + elsewhere, false);
  }
}

/** @param {boolean} shown on a small screen; a wide one always shows the keypad */
function showKeypad(shown) {
  document.body.classList.toggle("keypad-open", shown);
  element("keypad-toggle").setAttribute("aria-expanded", String(shown));
}

/** @param {string} digit pressed on the keypad or the keyboard */
function press(digit) {
  const key = document.querySelector(`[data-digit="${digit}"]`);
  if (!(key instanceof HTMLButtonElement) || key.disabled) return;
  current?.press(digit);
  key.classList.add("pressed");
  setTimeout(() => key.classList.remove("pressed"), 150);
}

/** Whose telephone this is, and which voice answers. */
async function introduce() {
  const info = await (await fetch("/phone/info")).json();
  document.title = `Ring til ${info.municipality}`;
  element("municipality").textContent = info.municipality;
  element("number").textContent = writtenNumber(info.number);
  elsewhere = ` Du kan også ringe til ${info.municipality} på ${writtenNumber(info.number)}.`;
  element("voice-note").hidden = !info.try_out;
  element("voice-title").textContent = `Den har accent og er kun til afprøvning (${info.voice}).`;
}

element("call").onclick = () => dial(true);
element("call-silent").onclick = () => dial(false);
element("hang-up").onclick = () => current?.hangUp();
element("keypad").onclick = (/** @type {any} */ event) => press(event.target.closest("[data-digit]")?.dataset.digit ?? "");
element("keypad-toggle").onclick = () => showKeypad(!document.body.classList.contains("keypad-open"));
document.onkeydown = (event) => {
  if (!event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && /^[0-9*#]$/.test(event.key)) press(event.key);
};
new ResizeObserver(([{ target }]) => { target.scrollTop = target.scrollHeight; }).observe(element("captions"));
introduce().catch(() => undefined);
