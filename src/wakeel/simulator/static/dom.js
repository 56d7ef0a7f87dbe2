// Small pieces of a page. Everything that came from outside is set as text, never as markup.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// make("p.note.small", "text", node, null): an element with classes and children; null children are left out.
export function make(spec, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function attributes(node, values) {
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? "" : value);
  }
  return node;
}

export function button(label, onTap, spec = "button") {
  const node = make(spec);
  node.type = "button";
  node.append(label);
  node.addEventListener("click", onTap);
  return node;
}

export function iconButton(name, label, onTap, spec = "button.icon") {
  const node = button(icon(name), onTap, spec);
  return attributes(node, { "aria-label": label, title: label });
}

// A block of words from outside: its own direction, whatever the page's.
export function outside(spec, text) {
  return attributes(make(spec, text), { dir: "auto" });
}

// A Latin run (number, code, address) inside a sentence of any direction.
export const ltr = (text, spec = "bdi") => attributes(make(spec, String(text)), { dir: "ltr" });

// Sets text only when it differs, so that a screen reader is not told the same thing again.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Brings children into this order and moves only what is out of place: a moved node loses its focus.
export function arrange(parent, wanted) {
  for (const child of [...parent.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((node, place) => {
    if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
  });
}

const PATHS = {
  again: "M4 12a8 8 0 1 0 2.6-5.9M4 4v5h5",
  attach: "M12 5v14M5 12h14",
  audio: "M12 3v11M8 7v3M4 8.500v0M16 7v3M20 8.500v0M6 18h12",
  block: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.700 5.700l12.600 12.600",
  call: "M6 3h4l2 5-2.500 1.500a11 11 0 0 0 5 5L16 12l5 2v4a2 2 0 0 1-2 2A15 15 0 0 1 4 5a2 2 0 0 1 2-2z",
  card: "M4 4h7l9 9-7 7-9-9zM8 8h.01",
  check: "M5 12.500l4.500 4.500L19 7.500",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
  close: "M6 6l12 12M18 6L6 18",
  contact: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 3.500-6 8-6s8 2 8 6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  cross: "M7 7l10 10M17 7L7 17",
  document: "M6 3h8l5 5v13H6zM14 3v5h5",
  down: "M6 9l6 6 6-6",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  emoji: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.500 14.500c1 1.500 2 2 3.500 2s2.500-.5 3.500-2M9 9.500v.5M15 9.500v.5",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  fault: "M12 4L2.500 20h19zM12 10v4M12 17v.01",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15 9.500v.01",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7.500v.01",
  list: "M8 6h12M8 12h12M8 18h12M4 6v.01M4 12v.01M4 18v.01",
  location: "M12 21s7-6.500 7-12a7 7 0 0 0-14 0c0 5.500 7 12 7 12zM12 6.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  more: "M12 5v.01M12 12v.01M12 19v.01",
  phone: "M7 3h10v18H7zM11 18h2",
  pin: "M9 3h6l-1 6 4 4H6l4-4zM12 13v8",
  play: "M8 5l11 7-11 7z",
  quoted: "M12 19V6M6 11l6-6 6 6",
  record: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  reply: "M10 6l-6 6 6 6M4 12h9a7 7 0 0 1 7 7",
  rules: "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
  save: "M12 4v11M7 11l5 5 5-5M4 20h16",
  send: "M4 12L20 4l-5 16-3.500-6.500z",
  sticker: "M5 4h14v10l-6 6H5zM13 20v-6h6",
  template: "M4 4h16v16H4zM8 9h8M8 13h8M8 17h4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  twice: "M2.500 12.500l4 4 7.500-9M10.500 15.500l1.500 1 8.500-9",
  unsupported: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.300-1 .8-1 1.700M12 17v.01",
  video: "M4 6h11v12H4zM15 10l5-3v10l-5-3",
  inward: "M17 7L7 17M15 17H7V9",
  outward: "M7 17L17 7M9 7h8v8",
  wire: "M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4",
};
const MIRRORED = new Set(["send", "reply", "external"]); // they point along the line of writing

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = attributes(document.createElementNS(space, "svg"), {
    viewBox: "0 0 24 24", "aria-hidden": "true", class: MIRRORED.has(name) ? "drawing mirrored" : "drawing",
  });
  drawing.append(attributes(document.createElementNS(space, "path"), { d: PATHS[name] }));
  return drawing;
}
