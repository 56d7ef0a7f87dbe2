// One message as the owner of the phone sees it, drawn from its row in /api/state.
import { $, attributes, icon, iconButton, make, outside } from "./dom.js";
import { choicesBlock } from "./choices.js";
import { contactsBlock, locationBlock, mediaBlock, namedBlock, unknownBlock } from "./media.js";
import { marked } from "./rich.js";
import { day, hour, toTheSecond, words } from "./words.js";

const TICKS = {
  waiting: "clock", accepted: "clock", sent: "check", delivered: "twice", read: "twice", played: "twice", failed: "cross",
};

// What makes a bubble look different from how it was drawn; its ticks and reactions are followed one by one.
export const looks = (message) => `${message.text}|${message.edited ?? ""}|${message.revoked ?? ""}|${message.media?.url ?? ""}`;

// hooks: {quoted(wamid) -> row | undefined, onQuote(wamid), onMenu(message)}
export function buildBubble(waId, message, hooks) {
  const bubble = make(`div.bubble.${message.direction}`);
  attributes(bubble, { "data-wamid": message.wamid, "data-type": message.type, tabindex: "-1", role: "article" });
  if (message.type === "sticker" && message.media) bubble.classList.add("bare");
  const inside = make("div.inside", ...(message.revoked ? [gone()] : contents(message, hooks)));
  bubble.append(inside, stamp(message, hooks));
  if (message.revoked) return bubble;
  if (message.cards?.length) bubble.append(cards(waId, message));
  const choices = choicesBlock(waId, message);
  if (choices) bubble.append(choices);
  return bubble;
}

const gone = () => make("div.gone", icon("block"), words.revoked);

function contents(message, hooks) {
  return [
    message.context_wamid ? quote(message, hooks) : null,
    ...header(message.header),
    mediaBlock(message.media), locationBlock(message.location), contactsBlock(message.contacts), namedBlock(message.named),
    message.text ? marked(message.text) : null,
    message.offer ? offer(message.offer) : null,
    message.footer ? outside("div.foot", message.footer) : null,
    unknownBlock(message.unknown),
  ];
}

function header(head) {
  if (!head) return [];
  return [head.media ? mediaBlock({ kind: head.kind, ...head.media }) : null, locationBlock(head.location),
    head.text ? outside("div.head", head.text) : null];
}

function offer({ text, expires_at: until }) {
  const ends = until ? `${words.offer_until} ${hour(until)} · ${day(until)}` : "";
  return make("div.offer", icon("clock"), make("span.grow", outside("div.head", text ?? ""), make("div.foot", ends)));
}

function quote(message, hooks) {
  const quoted = hooks.quoted(message.context_wamid);
  const whose = quoted ? words[quoted.direction === "sent" ? "quote_own" : "quote_business"] : "";
  const strip = make("div.quote", make("b", whose), outside("span", quoted ? gist(quoted) : words.quoted_gone));
  strip.classList.toggle("known", Boolean(quoted)); // by keyboard: the menu of the message leads there, too
  strip.addEventListener("click", () => hooks.onQuote(message.context_wamid));
  return strip;
}

// A message in a few words: for quotes and the list of people.
export function gist(message) {
  if (message.revoked) return words.revoked;
  const said = message.text || message.header?.text;
  if (said) return said.slice(0, 120).replace(/[*_~`]+(?=\S)|(?<=\S)[*_~`]+/g, "");
  const kind = message.media ? (message.media.voice ? "voice" : message.media.kind)
    : message.location ? "location" : message.contacts?.length ? "contacts" : message.named?.kind ?? message.type;
  return words[`media_${kind}`] ?? words[`named_${kind}`] ?? kind;
}

function stamp(message, hooks) {
  const line = make("div.stamp");
  if (message.template) line.append(attributes(make("span.tag", words.template), { title: message.template.name }));
  if (message.edited) line.append(make("span", words.edited));
  line.append(make("time", hour(message.at)), make("span.ticks"));
  line.append(attributes(iconButton("down", words.message_menu, () => hooks.onMenu(message), "button.opens"), { tabindex: "-1" }));
  return line;
}

function cards(waId, message) {
  const strip = attributes(make("div.cards"), { tabindex: "0", role: "group", "aria-label": words.cards });
  strip.append(...message.cards.map((card) => {
    const full = { ...card, wamid: message.wamid };
    return make("div.card", make("div.inside", ...contents(full, {})), choicesBlock(waId, full));
  }));
  return strip;
}

export function drawTicks(bubble, message) {
  const ticks = $(":scope > .stamp > .ticks", bubble);
  const said = [words[`status_${message.status}`] ?? message.status, message.error].filter(Boolean).join(" ");
  const key = `${said}|${message.statuses?.length}`;
  if (ticks.dataset.key === key) return;
  ticks.dataset.key = key;
  ticks.className = `ticks ${message.status}`;
  ticks.title = (message.statuses ?? []).map(statusLine).join("\n");
  ticks.replaceChildren(...(TICKS[message.status] ? [icon(TICKS[message.status])] : []), said);
}

export const statusLine = (event) =>
  [words[`status_${event.status}`] ?? event.status, event.code, toTheSecond(event.at)].filter(Boolean).join(" · ");

export function drawReactions(bubble, message) {
  const given = message.reactions ?? [];
  const key = given.map((one) => `${one.by}${one.emoji}`).join();
  if ((bubble.dataset.reactions ?? "") === key) return;
  bubble.dataset.reactions = key;
  $(":scope > .reactions", bubble)?.remove();
  bubble.classList.toggle("reacted", given.length > 0);
  if (!given.length) return;
  const pill = make("div.reactions", ...given.map((one) =>
    attributes(make("span", one.emoji), { title: words[`reaction_by_${one.by}`] })));
  bubble.append(attributes(pill, { role: "img", "aria-label": `${words.reactions} ${given.map((one) => one.emoji).join(" ")}` }));
}
