// The phones page. Everything that came from outside is set as text, never as markup.
"use strict";

const LANG = document.documentElement.lang;
const LOCALE = LANG === "ar" ? "ar-SA-u-ca-gregory-nu-latn" : "en-GB";
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

let words = {};
let state = null;
let fetchedAt = 0;
let chosen = null; // wa_id of the contact whose phone is shown
const seen = new Map(); // wa_id -> number of received messages that were on the screen
const panes = {};

// ---------------------------------------------------------------- talking to the simulator

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    say(`${words.refused} ${told.error || answer.status}`);
  }
  return answer.ok;
}

let busy = false;
let again = false;

async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    state = await (await fetch("/api/state")).json();
    fetchedAt = Date.now();
    draw();
    if ($("#wire-box").open) drawWire(await (await fetch("/api/wire?last=60")).json());
  } catch (fault) {
    if (!(fault instanceof TypeError)) throw fault;
    say(words.lost); // fetch could not reach the simulator
  } finally {
    busy = false;
    if (again) { again = false; refresh(); }
  }
}

function listen() {
  const events = new EventSource("/api/events");
  events.onopen = () => say("");
  events.onmessage = refresh;
  events.onerror = () => say(words.lost);
  addEventListener("pagehide", () => events.close());
}

let noticeTimer = 0;

function say(text) {
  $("#notice").textContent = text;
  clearTimeout(noticeTimer);
  if (text && text !== words.lost) noticeTimer = setTimeout(() => { $("#notice").textContent = ""; }, 6000);
}

// ---------------------------------------------------------------- small pieces

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function button(text, onTap) {
  const node = make("button", "", text);
  node.type = "button";
  node.dir = "auto";
  node.addEventListener("click", onTap);
  return node;
}

const businessNow = () => state.clock.now + (Date.now() - fetchedAt) / 1000;

function moment(seconds, options) {
  return new Intl.DateTimeFormat(LOCALE, { timeZone: state.time_zone, ...options }).format(new Date(seconds * 1000));
}

const hour = (seconds) => moment(seconds, { hour: "numeric", minute: "2-digit", hour12: true });
const day = (seconds) => moment(seconds, { day: "numeric", month: "long" });

const MARKS = { "*": "strong", "_": "em", "~": "s", "`": "code" };
const MARKED = /(?<![\p{L}\p{N}])(\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~|```[^`]+```)(?![\p{L}\p{N}])/u;

function marked(text) {
  const block = make("div", "text");
  block.dir = "auto";
  for (const part of text.split(MARKED)) {
    const fits = part.length > 2 && MARKED.test(part);
    const width = part.startsWith("```") ? 3 : 1;
    block.append(fits ? make(MARKS[part[0]], "", part.slice(width, -width)) : part);
  }
  return block;
}

function textBlock(className, text) {
  const block = make("div", className, text);
  block.dir = "auto";
  return block;
}

// ---------------------------------------------------------------- phones

function openPane(root) {
  const pane = { root, role: root.dataset.role, shown: null, drawn: new Map(), drafts: new Map(), lastDay: null };
  root.append($("#phone").content.cloneNode(true));
  pane.chat = $(".chat", root);
  pane.box = $("textarea", root);
  $(".kind", root).textContent = words[`${pane.role}_phone`];
  pane.box.placeholder = words[`write_as_${pane.role}`];
  pane.box.setAttribute("aria-label", pane.box.placeholder);
  pane.chat.setAttribute("aria-label", `${words.chat_with}: ${words[`${pane.role}_phone`]}`);
  $("form", root).addEventListener("submit", (event) => { event.preventDefault(); sendTyped(pane); });
  pane.box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); sendTyped(pane); }
  });
  panes[pane.role] = pane;
}

async function sendTyped(pane) {
  const text = pane.box.value;
  if (!text.trim() || !pane.shown) return;
  pane.box.value = "";
  if (!(await write(pane.shown, text)) && !pane.box.value) pane.box.value = text;
}

const write = (waId, text) => post(`/api/phones/${waId}/text`, { text });
const tap = (waId, wamid, id) => post(`/api/phones/${waId}/tap`, { wamid, id });

function draw() {
  const contacts = state.phones.filter((phone) => phone.role === "contact");
  const operators = state.phones.filter((phone) => phone.role === "operator");
  if (!contacts.some((phone) => phone.wa_id === chosen)) chosen = contacts.length ? contacts[0].wa_id : null;
  drawPane(panes.operator, operators[0]);
  drawPane(panes.contact, contacts.find((phone) => phone.wa_id === chosen));
  drawPeople(contacts);
  drawBench(contacts.find((phone) => phone.wa_id === chosen));
}

function drawPane(pane, phone) {
  if (!phone) { $(".window", pane.root).textContent = words.no_phone; return; }
  if (pane.shown !== phone.wa_id) changeOwner(pane, phone);
  $(".business", pane.root).textContent = state.business.name;
  $(".face", pane.root).textContent = [...state.business.name][0];
  $(".owner-name", pane.root).textContent = phone.name;
  $(".hidden-number", pane.root).textContent = phone.hide_phone ? `· ${words.number_hidden}` : "";
  drawWindow($(".window", pane.root), phone);
  $(".typing", pane.root).hidden = !(phone.typing_until && phone.typing_until > businessNow());
  const before = pane.drawn.size;
  for (const message of phone.messages) drawMessage(pane, phone, message);
  $(".empty", pane.chat)?.remove();
  if (!pane.drawn.size) pane.chat.append(make("p", "empty", words.empty_chat));
  if (pane.drawn.size !== before) pane.chat.scrollTop = pane.chat.scrollHeight;
  seen.set(phone.wa_id, received(phone));
}

function changeOwner(pane, phone) {
  if (pane.shown) pane.drafts.set(pane.shown, pane.box.value);
  pane.box.value = pane.drafts.get(phone.wa_id) || "";
  pane.shown = phone.wa_id;
  pane.drawn.clear();
  pane.lastDay = null;
  pane.chat.replaceChildren();
  $(".says", pane.root).replaceChildren(...phone.says.map((text) => button(text, () => write(phone.wa_id, text))));
}

function drawWindow(line, phone) {
  const until = phone.window_open_until;
  const open = until !== null && until > businessNow();
  line.classList.toggle("closed", !open);
  const text = open ? `${words.window_open} ${hour(until)} · ${day(until)}` : words.window_closed;
  if (line.textContent !== text) line.textContent = text;
}

function drawMessage(pane, phone, message) {
  let bubble = pane.drawn.get(message.wamid);
  if (!bubble) {
    const date = day(message.at);
    if (date !== pane.lastDay) pane.chat.append(make("p", "day", date));
    pane.lastDay = date;
    bubble = build(pane, phone, message);
    pane.drawn.set(message.wamid, bubble);
    pane.chat.append(bubble);
    markTapped(pane, message);
  }
  const ticks = $(".ticks", bubble);
  const text = [{ waiting: "◷", sent: "✓", delivered: "✓✓", read: "✓✓", failed: "✕" }[message.status] || "",
    words[`status_${message.status}`], message.error].filter(Boolean).join(" ");
  if (ticks.textContent !== text) { ticks.textContent = text; ticks.className = `ticks ${message.status}`; }
}

function build(pane, phone, message) {
  const bubble = make("div", `bubble ${message.direction}`);
  bubble.dataset.wamid = message.wamid;
  const inside = make("div", "inside");
  if (message.context_wamid) {
    const quoted = phone.messages.find((other) => other.wamid === message.context_wamid);
    inside.append(textBlock("quote", quoted ? quoted.header || quoted.text : words.quoted_gone));
  }
  if (message.header) inside.append(textBlock("head", message.header));
  inside.append(marked(message.text));
  if (message.footer) inside.append(textBlock("foot", message.footer));
  const stamp = make("div", "stamp");
  stamp.append(make("time", "", hour(message.at)), make("span", "ticks"));
  bubble.append(inside, stamp);
  for (const choice of message.buttons) {
    const node = button(choice.title, () => tap(phone.wa_id, message.wamid, choice.id));
    node.dataset.id = choice.id;
    bubble.append(node);
  }
  if (message.list) bubble.append(button(message.list.button, () => openSheet(phone.wa_id, message)));
  return bubble;
}

// A tapped button keeps working, as on a real phone; the mark only says that it was used.
function markTapped(pane, message) {
  const card = message.direction === "sent" && message.context_wamid && pane.drawn.get(message.context_wamid);
  if (!card) return;
  for (const node of $$(":scope > button", card)) node.classList.toggle("tapped", node.textContent === message.text);
}

function openSheet(waId, message) {
  $("#sheet-title").textContent = message.list.button;
  $("#rows").replaceChildren(...message.list.rows.map((row) => {
    const node = button(row.title, () => { $("#sheet").close(); tap(waId, message.wamid, row.id); });
    if (row.description) node.append(make("small", "", row.description));
    return node;
  }));
  $("#sheet").showModal();
}

// ---------------------------------------------------------------- people

const received = (phone) => phone.messages.filter((message) => message.direction === "received").length;

function drawPeople(contacts) {
  const list = $("#people");
  const known = $$("button", list).map((node) => node.dataset.waId).join();
  if (known !== contacts.map((phone) => phone.wa_id).join()) list.replaceChildren(...contacts.map(person));
  for (const node of $$("button", list)) {
    const phone = contacts.find((one) => one.wa_id === node.dataset.waId);
    if (!seen.has(phone.wa_id)) seen.set(phone.wa_id, received(phone));
    node.setAttribute("aria-current", String(phone.wa_id === chosen));
    const unread = received(phone) > seen.get(phone.wa_id);
    if (unread && !$(".dot", node)) {
      const dot = make("span", "dot");
      dot.setAttribute("role", "img");
      dot.setAttribute("aria-label", words.unread);
      node.append(dot);
    } else if (!unread) $(".dot", node)?.remove();
  }
}

function person(phone) {
  const item = make("li");
  const node = button("", () => { chosen = phone.wa_id; draw(); });
  node.dataset.waId = phone.wa_id;
  node.append(make("bdi", "", phone.name));
  item.append(node);
  return item;
}

// ---------------------------------------------------------------- bench

function drawBench(phone) {
  const offset = state.clock.offset_s;
  const minutes = String(Math.floor(offset / 60) % 60).padStart(2, "0");
  $("#offset").textContent = `+${Math.floor(offset / 3600)}:${minutes}`;
  for (const node of $$(".chosen")) node.textContent = phone ? phone.name : "";
  const faults = state.faults;
  $("#pending").textContent = faults.next_sends.length;
  $("#forget").hidden = !faults.next_sends.length;
  for (const node of $$("[data-switch]")) node.setAttribute("aria-pressed", String(faults[node.dataset.switch]));
  $("#waiting").textContent = state.webhook.waiting;
  $("#last-status").textContent = state.webhook.last_status ?? words.no_answer;
}

function addFault(node) {
  const fault = { kind: node.dataset.fault, to: chosen };
  if (node.dataset.code) fault.code = Number(node.dataset.code);
  return post("/api/faults", { next_sends: [...state.faults.next_sends, fault] });
}

function reportStatus(node) {
  const phone = state.phones.find((one) => one.wa_id === chosen);
  const last = phone?.messages.findLast((message) => message.direction === "received");
  if (!last) { say(words.no_message); return; }
  const wish = { wamid: last.wamid, status: node.dataset.status };
  if (node.dataset.code) wish.code = Number(node.dataset.code);
  post("/api/statuses", wish);
}

function drawWire(rows) {
  const list = $("#wire");
  const kept = new Map($$("li", list).map((item) => [Number(item.dataset.n), item]));
  for (const row of rows) {
    const item = kept.get(row.n) || wireItem(list, row);
    kept.delete(row.n);
    const text = `${row.method} ${row.path} → ${row.towards} ${row.status ?? "–"} ${row.ms} ms ${gist(row.body)}`;
    const summary = $("summary", item);
    if (summary.textContent !== text) {
      summary.textContent = text;
      const running = row.status === null && !row.answer;
      summary.className = running || row.status === 200 ? "" : "bad";
      $("pre", item).textContent = `${row.body}\n\n${row.answer}`;
    }
  }
  for (const item of kept.values()) item.remove();
}

// The one word that tells requests apart; the whole body is one tap away.
function gist(body) {
  const found = /"status":\s*"(\w+)"/.exec(body) || /"type":\s*"(\w+_reply)"/.exec(body) || /"type":\s*"(\w+)"/.exec(body);
  return found ? found[1] : "";
}

function wireItem(list, row) {
  const item = make("li");
  item.dataset.n = row.n;
  const details = make("details");
  details.append(make("summary"), make("pre"));
  item.append(details);
  list.prepend(item); // newest first
  return item;
}

function wireBench() {
  const on = (selector, act) => $$(selector).forEach((node) => node.addEventListener("click", () => act(node)));
  on("[data-advance]", (node) => post("/api/clock", { advance_s: Number(node.dataset.advance) }));
  on("[data-fault]", addFault);
  on("[data-status]", reportStatus);
  on("[data-switch]", (node) => post("/api/faults", { [node.dataset.switch]: node.ariaPressed !== "true" }));
  on("#forget", () => post("/api/faults", { next_sends: [] }));
  on("#sheet-close", () => $("#sheet").close());
  $("#wire-box").addEventListener("toggle", refresh);
}

async function start() {
  words = (await (await fetch("/static/words.json")).json())[LANG];
  $$(".pane").forEach(openPane);
  wireBench();
  await refresh();
  listen();
  setInterval(() => state && draw(), 5000); // windows close and typing ends without an event
}

start();
