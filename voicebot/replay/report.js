"use strict";
document.documentElement.classList.add("scripted");

const cases = [...document.querySelectorAll(".case")];
const filters = document.querySelector(".filters");

// Which cases are shown.

function wanted(box, asked) {
  return (!asked.text || box.textContent.toLowerCase().includes(asked.text))
    && (!asked.tag || box.dataset.tags.split(" ").includes(asked.tag))
    && (!asked.condition || box.dataset.condition === asked.condition)
    && (!asked.verdict || box.dataset.verdict.split(" ").includes(asked.verdict));
}

function show() {
  const asked = {};
  for (const field of filters.querySelectorAll("[name]")) asked[field.name] = field.value.trim();
  asked.text = asked.text.toLowerCase();
  for (const box of cases) box.hidden = !wanted(box, asked);
  const count = cases.filter((box) => !box.hidden).length;
  filters.querySelector("output").textContent = `${count} of ${cases.length} calls`;
}

function reset() {
  for (const field of filters.querySelectorAll("[name]")) field.value = "";
  show();
}

filters.addEventListener("input", show);
filters.querySelector("button").addEventListener("click", reset);
show(); // the browser may have kept what was chosen before the page was loaded again

function openLinked() {
  const box = document.getElementById(location.hash.slice(1));
  if (!box?.matches(".case")) return;
  if (box.hidden) reset();
  box.open = true;
  box.scrollIntoView();
}

addEventListener("hashchange", openLinked);
openLinked();

// What is heard.

let context;

/** Lets one voice be heard in both ears, or each in its own. */
function earsOf(audio) {
  context ??= new AudioContext();
  const source = context.createMediaElementSource(audio);
  const both = context.createGain(), split = context.createChannelSplitter(2), alone = [context.createGain(), context.createGain()];
  source.connect(both).connect(context.destination);
  source.connect(split);
  alone.forEach((gain, channel) => {
    gain.channelCount = 1;
    gain.channelCountMode = "explicit";
    split.connect(gain, channel).connect(context.destination);
  });
  return (voice) => {
    context.resume();
    both.gain.value = voice === "both" ? 1 : 0;
    alone.forEach((gain, channel) => { gain.gain.value = voice === ["caller", "bot"][channel] ? 1 : 0; });
  };
}

function setUpPlayer(box, audio) {
  const drawing = box.querySelector(".drawing"), scroller = drawing.parentElement, now = drawing.querySelector(".now");
  const seconds = Number(drawing.dataset.seconds);
  let hear;

  function seek(at) {
    audio.currentTime = at;
    audio.play().catch(() => {}); // the player itself shows that it cannot play
  }

  function follow() {
    const share = Math.min(1, audio.currentTime / seconds), x = share * drawing.clientWidth;
    now.setAttribute("x1", `${100 * share}%`);
    now.setAttribute("x2", `${100 * share}%`);
    if (x < scroller.scrollLeft || x > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = x - 40;
    if (!audio.paused) requestAnimationFrame(follow);
  }

  audio.preload = "metadata";
  audio.addEventListener("play", () => {
    for (const other of document.querySelectorAll("audio")) if (other !== audio) other.pause();
    drawing.classList.add("playing");
    follow();
  });
  audio.addEventListener("seeked", () => { drawing.classList.add("playing"); follow(); });
  drawing.addEventListener("click", (event) => {
    const frame = drawing.getBoundingClientRect();
    seek((event.clientX - frame.left) / frame.width * seconds);
  });
  box.addEventListener("click", (event) => {
    const button = event.target.closest(".seek");
    if (button) seek(Number(button.dataset.at));
  });
  box.querySelector("fieldset").addEventListener("change", (event) => {
    hear ??= earsOf(audio);
    hear(event.target.value);
  });
}

for (const box of cases) {
  const audio = box.querySelector("audio");
  if (audio) box.addEventListener("toggle", () => setUpPlayer(box, audio), { once: true });
}
