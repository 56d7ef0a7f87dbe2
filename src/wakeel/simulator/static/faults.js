// The fault bench: what goes wrong with the next send, with the next update, and with everything while a switch is on.
import { $, $$, attributes, button, icon, make, setText } from "./dom.js";
import { target } from "./people.js";
import { onNews, phoneOf, post, state } from "./simulator.js";
import { words } from "./words.js";

const SENDS = ["answer_lost", "never_reached", "connection_reset", "timeout_after", "timeout_before", "status_first", "slow",
  "http_500", "http_503", "invalid_json"];
const REFUSED = [131047, 131056, 130429, 131048, 132000, 132001, 132015, 190, 368];
const FAILED = [131026, 131049];
const UPDATES = ["drop", "duplicate", "reorder", "delay", "batch", "wrong_signature", "no_signature", "altered",
  "unknown_fields", "very_large", "late", "lose"];

const wishes = {
  "#send-faults": SENDS.map((kind) => ({ kind })),
  "#refusals": REFUSED.map((code) => ({ kind: "refuse", code })),
  "#failures": FAILED.map((code) => ({ kind: "fail", code })),
};

export function faultName(list, { kind, code }) {
  if (list === "next_webhooks") return words[`update_${kind}`] ?? kind;
  if (kind === "refuse" || kind === "fail") return `${words[`fault_${kind}`]} ${code}: ${words[`code_${code}`] ?? ""}`;
  return words[`fault_${kind}`] ?? kind;
}

function wishButton(list, wish) {
  const label = wish.code ? make("span", make("bdi", String(wish.code)), " ", words[`code_${wish.code}`]) : faultName(list, wish);
  const node = button(label, () => add(list, wish));
  return attributes(node, {
    "data-fault": wish.kind, "data-code": wish.code ?? null, "aria-label": wish.code ? faultName(list, wish) : null,
  });
}

function add(list, wish) {
  const fault = list === "next_sends" ? { ...wish, to: $("#anyone").checked ? null : target.waId } : wish;
  return post("/api/faults", { [list]: [...state.faults[list], fault] });
}

const drop = (list, place) => post("/api/faults", { [list]: state.faults[list].filter((_, at) => at !== place) });

function drawWaiting(list) {
  const box = $(`#${list}`);
  const faults = state.faults[list] ?? [];
  const key = JSON.stringify(faults);
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.replaceChildren(...faults.map((fault, place) => {
    const to = fault.to ? ` · ${phoneOf(fault.to)?.name ?? fault.to}` : "";
    const node = button(make("bdi", faultName(list, fault) + to), () => drop(list, place), "button.waits");
    node.append(icon("close"));
    return attributes(node, { "aria-label": `${words.faults_forget}: ${faultName(list, fault)}${to}` });
  }));
}

function draw() {
  const { faults } = state;
  for (const list of ["next_sends", "next_webhooks"]) drawWaiting(list);
  setText($("#pending"), String((faults.next_sends?.length ?? 0) + (faults.next_webhooks?.length ?? 0)));
  for (const node of $$("[data-switch]")) attributes(node, { "aria-checked": String(faults[node.dataset.switch]) });
  const rates = Object.keys(faults.rates ?? {}).length;
  const switched = $$("[data-switch][aria-checked=true]").length;
  const waiting = Number($("#pending").textContent);
  attributes($("#tab-faults"), { "data-live": rates || switched || waiting ? "true" : null });
}

export function wireFaults() {
  for (const [place, all] of Object.entries(wishes)) $(place).append(...all.map((wish) => wishButton("next_sends", wish)));
  $("#update-faults").append(...UPDATES.map((kind) => wishButton("next_webhooks", { kind })));
  for (const node of $$("[data-switch]")) {
    node.addEventListener("click", () => post("/api/faults", { [node.dataset.switch]: node.ariaChecked !== "true" }));
  }
  $("#forget").addEventListener("click", () => post("/api/faults", { next_sends: [], next_webhooks: [] }));
  onNews(draw);
}
