// The wire log: what really passed, both ways, newest first.
import { $, $$, attributes, button, icon, ltr, make, setText } from "./dom.js";
import { isOpen, whenOpen } from "./bench.js";
import { copy, get, onNews, post } from "./simulator.js";
import { LANG, toTheSecond, words } from "./words.js";

const LAST = 120;
const filter = { way: "all", text: "" };
const items = new Map(); // n -> {node, key, row}

let asking = false;

async function look() {
  if (!isOpen("wire") || asking) return;
  asking = true;
  try {
    draw(await get(`/api/wire?last=${LAST}`));
  } finally {
    asking = false;
  }
}

function draw(rows) {
  const list = $("#wire");
  const kept = new Set(rows.map((row) => row.n));
  for (const [n, { node }] of items) if (!kept.has(n)) { node.remove(); items.delete(n); }
  for (const row of rows) {
    if (!items.has(row.n)) {
      items.set(row.n, { node: item(row.n), key: "" });
      list.prepend(items.get(row.n).node);
    }
    follow(items.get(row.n), row);
  }
  sift();
}

const failed = (row) => (row.status === null ? Boolean(row.answer) : row.status >= 300);

function follow(entry, row) {
  const key = `${row.status}|${row.ms}|${row.answer.length}|${row.note}`;
  if (entry.key === key) return;
  Object.assign(entry, { key, row, said: null });
  const [top, foot] = entry.node.querySelectorAll("summary > span");
  const state = ltr(row.status ?? "–", failed(row) ? "b.bad" : "b");
  const marks = [row.fault ? make("span.tag.fault", words[`update_${row.fault}`] ?? words[`fault_${row.fault}`] ?? row.fault) : null,
    row.attempt > 1 ? make("span.tag", words.wire_attempt, " ", ltr(row.attempt)) : null,
    row.note === "given_up" ? make("span.tag.fault", words.wire_given_up) : null,
    row.again_of ? make("span.tag", words.again_of, " ", ltr(row.again_of)) : null];
  const way = icon(row.towards === "product" ? "outward" : "inward");
  top.replaceChildren(...[way, make("bdi.gist", gist(row)), ...marks, state].filter(Boolean));
  foot.replaceChildren(make("time", toTheSecond(row.at)), ltr(`${row.method} ${row.path}`, "bdi.path"), ltr(`${Math.round(row.ms)} ms`));
  entry.node.dataset.towards = row.towards;
  entry.node.classList.toggle("bad", failed(row));
  const open = $("details", entry.node);
  if (open.open) fill(open, row);
}

function item(n) {
  const details = make("details", make("summary", make("span.top-line"), make("span.foot-line")), make("div.raw"));
  details.addEventListener("toggle", () => { if (details.open) fill(details, items.get(n).row); });
  return attributes(make("li", details), { "data-n": String(n) });
}

async function fill(details, short) {
  const row = short.cut ? await get(`/api/wire/${short.n}`) : short;
  const verbs = make("div.chips",
    row.curl ? button(words.copy_curl, () => copy(row.curl)) : null,
    button(words.send_again, () => post(`/api/wire/${row.n}/again`)),
    button(words.copy_body, () => copy(row.body)));
  $(".raw", details).replaceChildren(verbs, raw(words.request, row.body), raw(words.answer, row.answer || words.no_answer));
}

function raw(title, text) {
  const block = attributes(make("pre", pretty(text)), { dir: "auto", tabindex: "0", "aria-label": title });
  return make("div", make("h3", title), block);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // not JSON, or cut: shown as it went over the wire
  }
}

// The one thing that tells requests apart; the whole body is one tap away.
function gist({ body, towards, method }) {
  const status = /"status":\s*"(\w+)"/.exec(body)?.[1];
  const field = /"field":\s*"(\w+)"/.exec(body)?.[1];
  const type = /"type":\s*"(\w+_reply)"/.exec(body)?.[1] ?? /"type":\s*"(\w+)"/.exec(body)?.[1];
  const what = status ? words[`status_${status}`] ?? status : field && field !== "messages" ? field : type ?? "";
  return [words[towards === "product" ? "to_product" : "to_whatsapp"], what || method].join(" · ");
}

// What a row says, for searching; Arabic goes over the wire as escapes.
function said(entry) {
  const { path, body, answer } = entry.row;
  entry.said ??= [path, pretty(body), pretty(answer)].join(" ").toLowerCase();
  return entry.said;
}

function sift() {
  let shown = 0;
  for (const entry of items.values()) {
    const { node, row } = entry;
    const way = filter.way === "all" || filter.way === row.towards || (filter.way === "bad" && failed(row));
    const text = !filter.text || said(entry).includes(filter.text);
    node.hidden = !(way && text);
    shown += node.hidden ? 0 : 1;
  }
  setText($("#wire-count"), new Intl.NumberFormat(LANG === "ar" ? "ar-u-nu-latn" : "en").format(shown));
  $("#wire-empty").hidden = shown > 0;
}

export function wireWire() {
  for (const node of $$("[data-way]")) {
    node.addEventListener("click", () => {
      filter.way = node.dataset.way;
      for (const one of $$("[data-way]")) attributes(one, { "aria-pressed": String(one === node) });
      sift();
    });
  }
  $("#wire-text").addEventListener("input", (event) => { filter.text = event.target.value.trim().toLowerCase(); sift(); });
  whenOpen("wire", look);
  onNews(look);
}
