// "Hør svaret": what stands in the form, spoken by the bot's voice.

const button = document.getElementById("hoer");
const audio = document.getElementById("lyd");
const told = document.getElementById("lyd-besked");

button?.addEventListener("click", async () => {
  button.disabled = true;
  told.textContent = "Stemmen læser op …";
  try {
    const form = new FormData(document.getElementById("rediger"));
    const csrf = form.get("csrf");
    const response = await fetch(button.dataset.from, { method: "POST", body: form, headers: { "X-CSRF-Token": csrf } });
    if (!response.ok) throw new Error(String(response.status));
    URL.revokeObjectURL(audio.src);
    audio.src = URL.createObjectURL(await response.blob());
    audio.hidden = false;
    told.textContent = "";
    audio.play().catch(() => { told.textContent = "Klar. Tryk på afspil."; }); // a browser that plays nothing by itself
  } catch (fault) {
    told.textContent = {
      422: "Skriv først et svar.",
      503: "Stemmen har for travlt med opkald lige nu. Prøv igen om lidt.",
      401: "Du er logget ud. Genindlæs siden, og log ind igen.",
    }[fault.message] ?? "Det lykkedes ikke at få lyd. Prøv igen.";
  }
  button.disabled = false;
});
