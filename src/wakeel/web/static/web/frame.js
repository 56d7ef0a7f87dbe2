// What every page's frame does beside htmx: says that it is busy, that no answer came, and copies what a button names.
"use strict";

const busy = (event, is) => event.detail.target?.setAttribute?.("aria-busy", String(is));
document.addEventListener("htmx:beforeRequest", (event) => busy(event, true));
document.addEventListener("htmx:afterRequest", (event) => busy(event, false));

// Only what somebody did is worth a sentence: a page that asks for itself tries again by itself.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (event.detail.requestConfig?.verb === "get") return;
    document.getElementById("answer").replaceChildren(document.getElementById("no-answer").content.cloneNode(true));
  });
}

// Without scripts the text stands open beside its button, to be marked by hand.
for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    text.select();
    document.execCommand("copy");
  }
  document.getElementById("answer").textContent = button.dataset.done;
  button.querySelector("span").textContent = button.dataset.done;
});

// One key closes what the stop control opened, as people expect of it.
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector(".stop-ask[open]");
  if (!open) return;
  open.removeAttribute("open");
  open.querySelector("summary").focus();
});
