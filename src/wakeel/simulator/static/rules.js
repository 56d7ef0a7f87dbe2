// Meta's rules: which of them hold, how strictly, and how the account stands; and how soon ticks come by themselves.
import { $, $$, attributes, button, make, setText } from "./dom.js";
import { onNews, post } from "./simulator.js";
import { words } from "./words.js";

const ACCOUNTS = ["active", "restricted", "locked", "unpaid", "token_expired"];
const COUNTED = new Set(["held", "people_reached"]); // what the rules did, not what they are
const rows = new Map(); // rule -> {node, show(value)}

const ticks = new Map(); // step of the ladder -> {node, show(value)}

const change = (name, value) => post("/api/rules", { [name]: value });
const changeLadder = (name, value) => post("/api/ladder", { [name]: value });

function row(name, value) {
  if (typeof value === "boolean") return switchRow(name);
  if (typeof value === "number") return numberRow(name);
  if (name === "account") return accountRow(name);
  return Array.isArray(value) ? numbersRow(name) : null;
}

function switchRow(name) {
  const node = button(make("span.grow", label(name)), () => change(name, node.ariaChecked !== "true"), "button.switch");
  attributes(node, { role: "switch", "data-rule": name });
  return { node, show: (value) => attributes(node, { "aria-checked": String(value) }) };
}

function numberRow(name, changed = change) {
  const input = attributes(make("input"), { type: "number", min: "0", step: "any", dir: "ltr", "data-rule": name });
  input.addEventListener("change", () => changed(name, Number(input.value)));
  return { node: make("label.number", make("span", label(name)), input), show: (value) => follow(input, value) };
}

function accountRow(name) {
  const select = attributes(make("select", ...ACCOUNTS.map((one) =>
    attributes(make("option", words[`account_${one}`]), { value: one }))), { "data-rule": name });
  select.addEventListener("change", () => change(name, select.value));
  return { node: make("label.number", make("span", label(name)), select), show: (value) => follow(select, value) };
}

function numbersRow(name) {
  const input = attributes(make("input"), { type: "text", dir: "ltr", "data-rule": name, placeholder: "966501110001, …" });
  input.addEventListener("change", () => change(name, input.value.split(/[^\d]+/).filter(Boolean)));
  return { node: make("label.number.wide", make("span", label(name)), input), show: (value) => follow(input, value.join(", ")) };
}

function follow(input, value) {
  if (document.activeElement !== input && input.value !== String(value)) input.value = value;
}

const label = (name) => words[`rule_${name}`] ?? name;

function draw(state) {
  const { rules } = state;
  setText($("#people-reached"), String(rules.people_reached));
  setText($("#held"), String(rules.held));
  $("#held-box").hidden = !rules.held;
  for (const [name, value] of Object.entries(rules)) {
    if (COUNTED.has(name)) continue;
    if (!rows.has(name)) {
      const made = row(name, value);
      if (!made) continue;
      rows.set(name, made);
      $(typeof value === "boolean" ? "#rule-switches" : "#rule-numbers").append(made.node);
    }
    rows.get(name).show(value);
  }
}

function drawLadder({ ladder }) {
  for (const [name, value] of Object.entries(ladder)) {
    if (!ticks.has(name)) {
      ticks.set(name, numberRow(name, changeLadder));
      $("#ladder").append(ticks.get(name).node);
    }
    ticks.get(name).show(value);
  }
}

export function wireRules() {
  for (const node of $$("[data-verdict]")) {
    node.addEventListener("click", () => post("/api/rules/held", { verdict: node.dataset.verdict }));
  }
  onNews(draw);
  onNews(drawLadder);
}
