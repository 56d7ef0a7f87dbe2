// What can be tapped on a card, and what stays of it after a choice.
import { $, $$, attributes, button, icon, ltr, make, outside } from "./dom.js";
import { copy, post } from "./simulator.js";
import { closeSheet, openSheet } from "./sheet.js";
import { words } from "./words.js";

const SHARE_NUMBER = "request_contact_info"; // the button that asks for the owner's number

export const tap = (waId, wamid, id) => post(`/api/phones/${waId}/tap`, { wamid, id });

// The block of buttons under a bubble; null when the message has none.
export function choicesBlock(waId, message) {
  const taps = (message.buttons ?? []).map((one) => tappable(waId, message, one));
  const sheets = message.list ? [listButton(waId, message)] : [];
  const asks = message.asks_location ? [locationButton(waId, message)] : [];
  const links = (message.links ?? []).map((link) => linkButton(link));
  const all = [...taps, ...sheets, ...asks, ...links];
  return all.length ? make("div.choices", ...all) : null;
}

function tappable(waId, message, one) {
  const node = outside("button", one.title);
  attributes(node, { type: "button", "data-id": one.id, "data-kind": "reply" });
  node.addEventListener("click", () => tap(waId, message.wamid, one.id));
  return node;
}

function listButton(waId, message) {
  const node = button(icon("list"), () => openList(waId, message, node));
  node.append(outside("bdi", message.list.button));
  return attributes(node, { "data-kind": "list" });
}

function openList(waId, message, over) {
  const sections = message.list.sections ?? [{ title: "", rows: message.list.rows }];
  openSheet(message.list.button, sections.map((section) => make("section.rows",
    section.title ? outside("h3", section.title) : null,
    ...section.rows.map((row) => listRow(waId, message, row)))), over);
}

function listRow(waId, message, row) {
  const text = make("span.grow", outside("span", row.title), row.description ? outside("small", row.description) : null);
  const node = button(text, () => { closeSheet(); tap(waId, message.wamid, row.id); }, "button.row");
  node.append(make("span.ring"));
  return attributes(node, { "data-id": row.id });
}

function locationButton(waId, message) {
  const node = button(icon("location"), () => post(`/api/phones/${waId}/send`, { type: "location", context_wamid: message.wamid }));
  node.append(words.send_location);
  return attributes(node, { "data-kind": "location" });
}

const LINK_ICONS = { url: "external", call: "call", copy_code: "copy", flow: "card" };

function linkButton(link) {
  const node = button(icon(LINK_ICONS[link.kind] ?? "external"), () => {
    if (link.kind === "copy_code") copy(String(link.value ?? ""));
    else openSheet(words[`link_${link.kind}`] ?? words.link_url, linkNotice(link), node);
  }, "button.outward");
  node.append(outside("bdi", link.title));
  return node;
}

function linkNotice(link) {
  const nodes = [make("p.note", words[`link_${link.kind}_note`] ?? words.link_url_note)];
  if (link.value) nodes.push(make("p.target", ltr(link.value)));
  return nodes;
}

// Whether a message of the owner is what a tap on this button sends.
function isAnswer(node, reply) {
  const chosen = reply.type === "interactive" || reply.type === "button";
  if (node.dataset.kind === "list") return chosen;
  if (node.dataset.kind === "location") return reply.type === "location";
  return chosen ? node.textContent === reply.text : reply.type === "contacts" && node.dataset.id === SHARE_NUMBER;
}

// After a choice the buttons rest behind "tap again": late and double taps happen, and each must be answered once.
export function markAnswered(bubble, reply) {
  for (const block of $$(".choices", bubble)) {
    const answerable = $$("[data-kind]", block);
    const taken = answerable.filter((node) => isAnswer(node, reply));
    if (taken.length) rest(block, answerable, taken);
  }
}

function rest(block, answerable, taken) {
  const focused = block.contains(document.activeElement);
  for (const node of answerable) {
    node.disabled = true;
    node.classList.toggle("taken", taken.includes(node));
  }
  $(".again", block)?.remove();
  block.append(againButton(block, answerable));
  if (focused) $(".again", block).focus({ preventScroll: true });
}

function againButton(block, answerable) {
  const node = button(icon("again"), () => {
    for (const one of answerable) one.disabled = false;
    node.remove();
    answerable[0].focus({ preventScroll: true });
  }, "button.again");
  node.append(words.tap_again);
  return node;
}
