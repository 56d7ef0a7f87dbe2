// Which phones are on the screen: the list of people, and the row of phones it fills.
import { $, arrange, attributes, button, iconButton, make, setText } from "./dom.js";
import { gist } from "./bubble.js";
import { Pane } from "./phone.js";
import { prefer, remember } from "./prefs.js";
import { drawAll, onNews, state } from "./simulator.js";
import { words } from "./words.js";

const MOST = 20; // phones on the screen at once
const panes = new Map(); // wa_id -> Pane; a hidden phone keeps what was typed on it
const seen = new Map(); // wa_id -> how many received messages were on the screen
const people = new Map(); // wa_id -> its line in the list
let guest = null; // wa_id of the phone that makes room for the next one chosen
let moved = null; // {from, to} wa_ids of a phone that changed its number, until it is seen under the new one

export const target = { waId: null }; // whom the bench's verbs mean
export const aimed = () => state.phones.find((phone) => phone.wa_id === target.waId);
export const aimAt = (waId) => { target.waId = waId; drawAll(); };

const isKept = ({ role, wa_id: waId }) =>
  role === "operator" ? !prefer("hidden").includes(waId) : prefer("kept").includes(waId);

export function shownPhones() {
  const kept = state.phones.filter((phone) => isKept(phone) || phone.wa_id === guest);
  const operatorsFirst = kept.sort((one, other) => (other.role === "operator") - (one.role === "operator"));
  return operatorsFirst.slice(0, MOST);
}

const HOOKS = {
  onTouch: (waId) => aim(waId),
  onClose: (waId) => hide(waId),
  onMove(from, to) {
    moved = { from, to };
    drawAll();
  },
};

function drawPeople() {
  settle();
  const shown = shownPhones();
  const drawn = shown.map((phone) => {
    if (!panes.has(phone.wa_id)) panes.set(phone.wa_id, new Pane(phone, HOOKS));
    return panes.get(phone.wa_id);
  });
  arrange($("#phones"), drawn.map((pane) => pane.root));
  attributes($("#phones"), { "data-count": String(shown.length) });
  $("#no-phone").hidden = shown.length > 0;
  shown.forEach((phone, place) => {
    drawn[place].draw(phone);
    drawn[place].root.classList.toggle("aimed", phone.wa_id === target.waId);
    seen.set(phone.wa_id, received(phone));
  });
  for (const pane of drawn) pane.chat.settle();
  arrange($("#people"), state.phones.map((phone) => line(phone, shown)));
  const all = shown.length >= Math.min(MOST, state.phones.length);
  setText($("#show-all"), all ? words.show_two : words.show_all);
  $("#show-all").hidden = state.phones.length < 3;
}

// After a first look, a reset or a changed number: the guest and the target must be among the phones there are.
function settle() {
  const known = (waId) => state.phones.some((phone) => phone.wa_id === waId);
  const contacts = state.phones.filter((phone) => phone.role === "contact");
  if (moved && known(moved.to)) follow();
  if (guest !== null && !known(guest)) guest = null;
  if (guest === null && !contacts.some(isKept)) guest = contacts[0]?.wa_id ?? null;
  if (!known(target.waId)) target.waId = guest ?? contacts.find(isKept)?.wa_id ?? state.phones[0]?.wa_id ?? null;
  for (const [waId, pane] of panes) if (!known(waId)) { pane.root.remove(); panes.delete(waId); }
}

function follow() {
  const { from, to } = moved;
  moved = null;
  const renamed = (waId) => (waId === from ? to : waId);
  guest = renamed(guest);
  target.waId = renamed(target.waId);
  for (const list of ["kept", "hidden"]) remember(list, prefer(list).map(renamed));
}

const received = (phone) => phone.messages.filter((message) => message.direction === "received").length;

function line(phone, shown) {
  if (!people.has(phone.wa_id)) people.set(phone.wa_id, person(phone));
  const item = people.get(phone.wa_id);
  if (!seen.has(phone.wa_id)) seen.set(phone.wa_id, received(phone));
  const visible = shown.includes(phone);
  attributes($(".pick", item), { "aria-current": String(visible) });
  setText($(".name bdi", item), phone.name);
  setText($(".face", item), [...phone.name][0] ?? "");
  const newest = phone.messages.at(-1);
  setText($(".last", item), newest ? gist(newest) : words.empty_chat);
  drawDot(item, received(phone) - seen.get(phone.wa_id));
  const pin = $(".pin", item);
  attributes(pin, { "aria-pressed": String(isKept(phone)), "aria-label": `${words.keep}: ${phone.name}` });
  return item;
}

function drawDot(item, unread) {
  const dot = $(".dot", item);
  if (unread <= 0) { dot?.remove(); return; }
  const node = dot ?? attributes(make("span.dot"), { role: "img" });
  setText(node, unread > 99 ? "99+" : String(unread));
  attributes(node, { "aria-label": `${words.unread}: ${unread}` });
  if (!dot) $(".pick", item).append(node);
}

function person(phone) {
  const pick = button(make("span.face"), () => choose(phone.wa_id), "button.pick");
  $(".face", pick).setAttribute("aria-hidden", "true");
  attributes(pick, { "data-wa-id": phone.wa_id });
  pick.append(make("span.grow", make("span.name", make("bdi")), attributes(make("span.last"), { dir: "auto" })));
  const pin = iconButton("pin", words.keep, () => keep(phone.wa_id, pin.getAttribute("aria-pressed") !== "true"), "button.pin");
  return attributes(make("li", pick, pin), { "data-role": `line-${phone.role}` });
}

// Bring a phone to the screen in the guest's place, and aim the bench at it.
function choose(waId) {
  target.waId = waId;
  const phone = state.phones.find((one) => one.wa_id === waId);
  if (phone.role === "operator") show(waId);
  else if (!isKept(phone)) guest = waId;
  drawAll();
  const smooth = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  panes.get(waId)?.root.scrollIntoView({ inline: "center", block: "nearest", behavior: smooth });
}

function keep(waId, yes) {
  const phone = state.phones.find((one) => one.wa_id === waId);
  if (phone.role === "operator") { (yes ? show : hide)(waId); drawAll(); return; }
  remember("kept", yes ? [...prefer("kept"), waId] : prefer("kept").filter((one) => one !== waId));
  if (yes && guest === waId) guest = null;
  drawAll();
}

function show(waId) {
  remember("hidden", prefer("hidden").filter((one) => one !== waId));
}

function hide(waId) {
  const phone = state.phones.find((one) => one.wa_id === waId);
  if (phone.role === "operator") remember("hidden", [...prefer("hidden"), waId]);
  remember("kept", prefer("kept").filter((one) => one !== waId));
  if (guest === waId) guest = null;
  drawAll();
}

function aim(waId) {
  const phone = state.phones.find((one) => one.wa_id === waId);
  if (phone?.role !== "contact" || target.waId === waId) return;
  target.waId = waId;
  drawAll();
}

function toggleAll() {
  const all = shownPhones().length >= Math.min(MOST, state.phones.length);
  remember("hidden", []);
  remember("kept", all ? [] : state.phones.filter((phone) => phone.role === "contact").map((phone) => phone.wa_id));
  guest = null;
  drawAll();
}

export function wirePeople() {
  $("#show-all").addEventListener("click", toggleAll);
  onNews(drawPeople);
}
