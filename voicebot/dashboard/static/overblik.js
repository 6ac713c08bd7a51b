// Calls that go on: their seconds tick, and one is told when no more news comes.

setInterval(() => {
  for (const shown of document.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(shown.dataset.since)) / 1000));
    shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}, 1000);

function say(live, what) {
  for (const kind of ["lost", "closed"]) {
    const text = live.querySelector(`[data-${kind}]`);
    if (text) text.hidden = kind !== what;
  }
}

document.addEventListener("htmx:sseError", ({ target }) => say(target.closest("[data-live]"), "lost"));
document.addEventListener("htmx:sseOpen", ({ target }) => say(target.closest("[data-live]"), ""));
document.addEventListener("htmx:sseClose", ({ target }) => say(target.closest("[data-live]"), "closed"));

// Captions: who reads at the foot stays there.
let atFoot = true;
document.addEventListener("htmx:sseBeforeMessage", () => {
  atFoot = innerHeight + scrollY >= document.body.scrollHeight - 120;
});
document.addEventListener("htmx:sseMessage", () => {
  if (atFoot && document.querySelector("[data-captions]")) scrollTo({ top: document.body.scrollHeight });
});
