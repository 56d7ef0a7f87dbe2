// WhatsApp's own marks in a text: *bold*, _italic_, ~strike~, `code`, ```block```. Links are shown, never followed.
import { attributes, make } from "./dom.js";

const TAGS = { "*": "strong", "_": "em", "~": "s", "`": "code" };
const MARKED = /(?<![\p{L}\p{N}])(```[^`]+```|`[^`\n]+`|\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~)(?![\p{L}\p{N}])/u;
const LINK = /(https?:\/\/[^\s<>"']+)/;

export function marked(text, spec = "div.text") {
  return attributes(make(spec, ...pieces(text)), { dir: "auto" });
}

function pieces(text) {
  return text.split(MARKED).flatMap((part) => {
    if (part.length < 3 || !MARKED.test(part)) return linked(part);
    const width = part.startsWith("```") ? 3 : 1;
    return make(TAGS[part[0]], ...linked(part.slice(width, -width)));
  });
}

function linked(text) {
  return text.split(LINK).map((part) => (LINK.test(part) ? attributes(make("span.link", part), { dir: "ltr" }) : part));
}
