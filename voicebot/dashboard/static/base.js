// What every page needs of a script: definitions shown on hover and focus, and faults told in words.

const GAP = 8; // pixels between a definition and its button, and to the edge of the window

function show(button) {
  const tip = document.getElementById(button.getAttribute("popovertarget"));
  if (!tip.matches(":popover-open")) tip.showPopover();
  const at = button.getBoundingClientRect();
  const left = Math.min(at.left, innerWidth - tip.offsetWidth - GAP);
  const below = at.bottom + GAP + tip.offsetHeight < innerHeight;
  tip.style.left = `${Math.max(GAP, left)}px`;
  tip.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - tip.offsetHeight)}px`;
}

function hide(defined) {
  if (!defined.contains(document.activeElement)) defined.querySelector("[popover]").hidePopover();
}

for (const kind of ["pointerover", "focusin", "click"]) {
  document.addEventListener(kind, ({ target }) => {
    const button = target.closest?.(".defined > .what");
    if (button) show(button);
  });
}
document.addEventListener("pointerout", ({ target, relatedTarget }) => {
  const defined = target.closest?.(".defined");
  if (defined && !defined.contains(relatedTarget)) hide(defined);
});
document.addEventListener("focusout", ({ target }) => {
  const defined = target.closest?.(".defined");
  if (defined) setTimeout(() => hide(defined));
});

// The menu of who is logged in closes as one expects of a menu.
const me = document.querySelector(".me");
document.addEventListener("click", ({ target }) => {
  if (me?.open && !me.contains(target)) me.open = false;
});
me?.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  me.open = false;
  me.querySelector("summary").focus();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) window.print();
});

function tell(text) {
  const notice = document.createElement("p");
  notice.className = "notice bad";
  notice.textContent = text;
  document.getElementById("besked").replaceChildren(notice);
}

document.addEventListener("htmx:beforeRequest", () => document.getElementById("besked").replaceChildren());
document.addEventListener("htmx:sendError", () => {
  tell("Botten svarer ikke. Intet er ændret. Prøv igen om lidt.");
});
document.addEventListener("htmx:responseError", ({ detail }) => {
  const status = detail.xhr.status;
  if (status === 401) tell("Du er logget ud. Genindlæs siden for at logge ind igen.");
  else if (status === 403) tell("Det må din adgang ikke, eller siden er for gammel. Genindlæs siden, og prøv igen.");
  else tell(`Det lykkedes ikke (fejl ${status}). Prøv igen, eller genindlæs siden.`);
});
