// What can be sent from a phone besides words: the menu behind "+", and a form for each kind.
import { $$, button, icon, make } from "./dom.js";
import { closeSheet, openForm, openSheet } from "./sheet.js";
import { post } from "./simulator.js";
import { words } from "./words.js";

// A file of one's own; without one the simulator sends a small sample.
const file = (accept) => ({ name: "file", label: words.own_file, hint: words.own_file_note, kind: "file", accept, optional: true });
const caption = () => ({ name: "caption", label: words.caption, kind: "area", optional: true });

const KINDS = {
  image: () => [file("image/jpeg,image/png"), caption()],
  video: () => [file("video/mp4"), caption()],
  voice: null,
  audio: null,
  document: () => [file(""), { name: "filename", label: words.filename, value: words.sample_filename }, caption()],
  sticker: null,
  location: () => [
    { name: "name", label: words.place_name, value: words.sample_place, optional: true },
    { name: "address", label: words.place_address, optional: true },
    { name: "latitude", label: words.latitude, kind: "number", value: 24.7136 },
    { name: "longitude", label: words.longitude, kind: "number", value: 46.6753 },
  ],
  contacts: () => [
    { name: "name", label: words.person_name, value: words.sample_person },
    { name: "phone", label: words.person_phone, value: "+966501112233", latin: true },
  ],
  own_number: null,
  order: null,
  referral: () => [{ name: "text", label: words.text, value: words.sample_referral }],
  unsupported: null,
};
const ICONS = { own_number: "phone", voice: "audio", contacts: "contact", order: "card", referral: "external" };

// pane: {waId, root, quoting, answer(null)}
export function openAttach(pane) {
  const tiles = Object.keys(KINDS).map((kind) => {
    const tile = button(make("span.round", icon(ICONS[kind] ?? kind)), () => { closeSheet(); start(pane, kind); }, "button.tile");
    tile.dataset.kind = kind;
    tile.append(make("span", words[`media_${kind}`]));
    return tile;
  });
  openSheet(words.attach, [make("div.tiles", ...tiles)], pane.root);
  $$(".tile")[0]?.focus();
}

function start(pane, kind) {
  const fields = KINDS[kind]?.();
  if (!fields) { send(pane, kind, {}); return; }
  openForm({ title: words[`media_${kind}`], fields, over: pane.root, done: (values) => send(pane, kind, values) });
}

async function send(pane, kind, values) {
  const { file: chosen, ...rest } = values;
  const own = chosen ? await read(chosen) : {};
  const quoted = pane.quoting ? { context_wamid: pane.quoting.wamid } : {};
  if (await post(`/api/phones/${pane.waId}/send`, { type: kind, ...rest, ...own, ...quoted })) pane.answer(null);
}

// As the bench takes a file: base64, its type and name.
async function read(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return { data: btoa(binary), mime: file.type || "application/octet-stream", filename: file.name };
}
