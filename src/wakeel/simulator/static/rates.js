// Faults by rate: nothing is random unless a rate is set here, and then by the seed that is shown.
import { $, attributes, iconButton, ltr, make, setText } from "./dom.js";
import { faultName } from "./faults.js";
import { onNews, post, state } from "./simulator.js";
import { words } from "./words.js";

// "drop_webhooks", "slow_sends", "refuse_131056_sends" in words.
function rateName(name) {
  const [, kind, code, where] = /^([a-z_]+?|http_50[03])(?:_(\d+))?_(sends|webhooks)$/.exec(name) ?? [];
  if (where === "webhooks") return `${words.updates}: ${faultName("next_webhooks", { kind })}`;
  const said = code || !["refuse", "fail"].includes(kind) ? faultName("next_sends", { kind, code }) : words[`fault_${kind}_any`];
  return `${words.sends}: ${said}`;
}

const change = (rates) => post("/api/faults", { rates });

function drawChoices() {
  const select = $("#rate-name");
  const names = state.faults.names ?? [];
  if (select.options.length === names.length) return;
  select.replaceChildren(...names.map((name) => attributes(make("option", rateName(name)), { value: name })));
}

function drawRates() {
  const { rates = {}, hits = {} } = state.faults;
  const key = JSON.stringify([rates, hits]);
  const list = $("#rates");
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...Object.entries(rates).map(([name, rate]) => {
    const { [name]: _, ...others } = rates;
    const share = ltr(`${Math.round(rate * 1000) / 10}%`, "b");
    const met = make("small", `${words.hits} ${hits[name] ?? 0}`);
    const away = iconButton("close", `${words.remove}: ${rateName(name)}`, () => change(others));
    return make("li", share, make("span.grow", rateName(name), met), away);
  }));
}

function draw() {
  drawChoices();
  drawRates();
  const { seed } = state.faults;
  const box = $("#seed");
  if (document.activeElement !== box) box.value = seed ?? "";
  setText($("#chance-note"), seed === null || seed === undefined ? words.chance_off : words.chance_on);
}

export function wireRates() {
  $("#rate-form").addEventListener("submit", (event) => {
    event.preventDefault();
    change({ ...state.faults.rates, [$("#rate-name").value]: Number($("#rate-share").value) / 100 });
  });
  $("#seed").addEventListener("change", (event) => post("/api/faults", { seed: Number(event.target.value) }));
  onNews(draw);
}
