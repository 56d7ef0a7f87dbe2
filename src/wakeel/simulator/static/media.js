// What a bubble shows besides words: pictures, files, voice, places, people, cards we do not play, raw JSON.
import { attributes, icon, ltr, make, outside } from "./dom.js";
import { size, words } from "./words.js";

// media: {kind, id, mime, filename, size, voice, animated, link, url}; null draws nothing.
export function mediaBlock(media) {
  if (!media) return null;
  if (media.url && /^image\//.test(media.mime ?? "")) return picture(media);
  if (media.kind === "audio" || media.kind === "voice") return sound(media);
  if (media.kind === "document") return file(media);
  return placeholder(media);
}

function picture(media) {
  const sticker = media.kind === "sticker";
  const image = attributes(make("img"), {
    src: media.url, alt: words[`media_${media.kind}`] ?? media.kind, loading: "lazy", decoding: "async",
  });
  const frame = make(sticker ? "div.picture.sticker" : "div.picture", image);
  image.addEventListener("error", () => frame.replaceWith(placeholder(media)), { once: true });
  return frame;
}

function placeholder(media) {
  const kind = ["image", "video", "sticker"].includes(media.kind) ? media.kind : "document";
  const drawing = make("span.round", icon(kind === "video" ? "play" : kind));
  return make(`div.placeholder.${kind}`, drawing, make("span.caption", ...facts(media)));
}

function sound(media) {
  const voice = Boolean(media.voice) || media.kind === "voice";
  const bars = make("span.wave");
  bars.setAttribute("aria-hidden", "true");
  const seed = [...String(media.id ?? media.link ?? "")].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 7);
  for (let n = 0; n < 28; n += 1) bars.append(make(`i.h${(seed + n * n * 5 + n * (seed % 11)) % 7}`));
  const caption = voice ? { ...media, kind: "voice" } : media;
  return make("div.sound", make("span.round", icon("play")), make("span.grow", bars, make("span.caption", ...facts(caption))));
}

function file(media) {
  const name = media.filename || words.media_document;
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? "";
  const page = make("span.sheet-of-paper", icon("document"), make("b", ending.toUpperCase()));
  const block = make("div.file", page, make("span.grow", outside("span.name", name), make("span.caption", ...facts(media))));
  return media.url ? opened(block, media) : block;
}

function opened(block, media) {
  const link = attributes(make("a", words.open_file), { href: media.url, target: "_blank", rel: "noopener" });
  block.append(link);
  return block;
}

function facts(media) {
  const parts = [words[`media_${media.kind}`] ?? media.kind];
  if (media.kind !== "document" && media.filename) parts.push(outside("bdi", media.filename));
  const type = (media.mime ?? "").split("/").pop().split(";")[0];
  if (type && media.kind !== "document") parts.push(ltr(type));
  if (media.size) parts.push(ltr(size(media.size)));
  if (media.link) parts.push(ltr(media.link, "bdi.address"));
  return parts.flatMap((part, place) => (place ? [" · ", part] : [part]));
}

export function locationBlock(location) {
  if (!location) return null;
  const point = `${Number(location.latitude).toFixed(5)}, ${Number(location.longitude).toFixed(5)}`;
  const map = make("div.map", icon("location"));
  const about = make("div.about");
  if (location.name) about.append(outside("div.head", location.name));
  if (location.address) about.append(outside("div", location.address));
  about.append(make("div.foot", ltr(point)));
  return make("div.place", map, about);
}

export function contactsBlock(contacts) {
  if (!contacts?.length) return null;
  return make("div.people-cards", ...contacts.map((person) => make("div.person-card",
    make("span.round", icon("contact")),
    make("span.grow", outside("div.head", person.name), ...person.phones.map((phone) => make("div.foot", ltr(phone)))))));
}

// Products, catalogues, flows, orders: named, not played.
export function namedBlock(named) {
  if (!named) return null;
  return make("div.named", make("span.round", icon("card")), make("span.grow",
    make("div.head", words[`named_${named.kind}`] ?? named.kind),
    named.title ? outside("div", named.title) : null,
    make("div.foot", words.not_simulated)));
}

export function unknownBlock(unknown) {
  if (!unknown) return null;
  const raw = attributes(make("pre", JSON.stringify(unknown, null, 2)), { dir: "ltr", tabindex: "0" });
  return make("div.unknown", make("div.head", icon("unsupported"), words.unknown_type), raw);
}
