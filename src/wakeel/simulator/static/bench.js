// The bench beside the phones: its tabs, and whom its verbs mean.
import { $, $$, attributes, make } from "./dom.js";
import { aimAt, target } from "./people.js";
import { prefer, remember } from "./prefs.js";
import { onNews } from "./simulator.js";

const opened = new Map(); // tab -> what it does each time it comes to the front

export const whenOpen = (tab, look) => opened.set(tab, look);
export const isOpen = (tab) => prefer("tab") === tab;

function open(tab, { focus = false } = {}) {
  remember("tab", tab);
  for (const handle of $$("[role=tab]")) {
    const front = handle.dataset.tab === tab;
    attributes(handle, { "aria-selected": String(front), tabindex: front ? "0" : "-1" });
    $(`#panel-${handle.dataset.tab}`).hidden = !front;
    if (front && focus) handle.focus();
  }
  opened.get(tab)?.();
}

function walk(event) {
  const tabs = $$("[role=tab]");
  const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const backward = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  const here = tabs.indexOf(event.target);
  const next = { [forward]: here + 1, [backward]: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  open(tabs[(next + tabs.length) % tabs.length].dataset.tab, { focus: true });
}

// The list of people to aim at is made again only when it changed: an open list must not jump.
function drawTarget(state) {
  const select = $("#target");
  const key = state.phones.map((phone) => `${phone.wa_id}${phone.name}`).join();
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    select.replaceChildren(...state.phones.map((phone) => attributes(make("option", phone.name), { value: phone.wa_id })));
  }
  if (select.value !== target.waId) select.value = target.waId;
}

export function wireBench() {
  for (const handle of $$("[role=tab]")) {
    handle.addEventListener("click", () => open(handle.dataset.tab));
    handle.addEventListener("keydown", walk);
  }
  $("#target").addEventListener("change", (event) => aimAt(event.target.value));
  onNews(drawTarget);
  open($(`[data-tab="${CSS.escape(prefer("tab"))}"]`) ? prefer("tab") : "person");
}
