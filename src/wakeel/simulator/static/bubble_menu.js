// What the owner of a phone can do with one message: answer it, react, change or delete their own, see its statuses.
import { attributes, button, make } from "./dom.js";
import { gist, statusLine } from "./bubble.js";
import { choice, closeSheet, openForm, openSheet } from "./sheet.js";
import { copy, post } from "./simulator.js";
import { toTheSecond, words } from "./words.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

// pane: {waId, root, chat, answer(message)}
export function openBubbleMenu(pane, message) {
  const own = message.direction === "sent";
  const living = !message.revoked;
  const nodes = [
    living ? emojiRow(pane, message) : null,
    message.context_wamid ? choice("quoted", words.to_quoted, () => pane.chat.show(message.context_wamid)) : null,
    living ? choice("reply", words.reply, () => pane.answer(message)) : null,
    own && living && message.type === "text" ? choice("edit", words.edit, () => openEdit(pane, message)) : null,
    own && living ? choice("trash", words.revoke, () => act(pane, "revoke", { wamid: message.wamid })) : null,
    !own ? choice("twice", words.read_this, () => act(pane, "read", { wamid: message.wamid })) : null,
    !own && message.media?.voice ? choice("play", words.play, () => act(pane, "play", { wamid: message.wamid })) : null,
    message.text ? choice("copy", words.copy_text, () => copy(message.text)) : null,
    history(message),
  ];
  openSheet(gist(message).slice(0, 60) || words.message, nodes.filter(Boolean), pane.root);
}

const act = (pane, verb, wish) => post(`/api/phones/${pane.waId}/${verb}`, wish);

function emojiRow(pane, message) {
  const mine = (message.reactions ?? []).find((one) => one.by === "owner")?.emoji;
  return make("div.emoji", ...EMOJI.map((emoji) => {
    const next = emoji === mine ? "" : emoji; // the same one again takes it back
    const node = button(emoji, () => {
      closeSheet();
      act(pane, "send", { type: "reaction", emoji: next, wamid: message.wamid });
    });
    return attributes(node, { "aria-pressed": String(emoji === mine), "aria-label": `${words.react} ${emoji}` });
  }));
}

function openEdit(pane, message) {
  openForm({
    title: words.edit, over: pane.root, label: words.save,
    fields: [{ name: "text", label: words.new_text, kind: "area", value: message.text }],
    done: ({ text }) => act(pane, "edit", { wamid: message.wamid, text }),
  });
}

function history(message) {
  const lines = [
    `${words[message.direction === "sent" ? "sent_at" : "arrived_at"]} · ${toTheSecond(message.at)}`,
    ...(message.statuses ?? []).map(statusLine),
  ];
  if (message.template) lines.push(`${words.template} · ${message.template.name} · ${message.template.language}`);
  const id = button(message.wamid, () => copy(message.wamid), "button.id");
  attributes(id, { dir: "ltr", title: words.copy_id });
  return make("div.history", ...lines.map((line) => make("p", line)), id);
}
