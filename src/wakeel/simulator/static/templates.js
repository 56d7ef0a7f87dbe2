// The account's templates, and what Meta decides about them: each decision reaches the product as a webhook.
import { $, attributes, button, make, outside } from "./dom.js";
import { isOpen, whenOpen } from "./bench.js";
import { get, onNews, post } from "./simulator.js";
import { words } from "./words.js";

const EVENTS = {
  PENDING: ["APPROVED", "REJECTED"],
  APPROVED: ["PAUSED", "FLAGGED", "DISABLED"],
  PAUSED: ["REINSTATED", "DISABLED"],
  REJECTED: ["APPROVED"],
  DISABLED: ["REINSTATED"],
};
const QUALITIES = ["GREEN", "YELLOW", "RED"];
const CATEGORIES = ["MARKETING", "UTILITY"];

const decide = (template, wish) => post("/api/templates", { name: template.name, language: template.language, ...wish });

async function look() {
  if (isOpen("templates")) draw(await get("/api/templates"));
}

function draw(templates) {
  const list = $("#templates");
  const key = JSON.stringify(templates);
  if (list.dataset.key === key) return;
  const open = new Set([...list.querySelectorAll("details[open]")].map((node) => node.dataset.id));
  const held = document.activeElement?.closest("#templates") ? document.activeElement.dataset.act : null;
  list.dataset.key = key;
  list.replaceChildren(...templates.map((template) => card(template, open.has(template.id))));
  if (held) list.querySelector(`[data-act="${CSS.escape(held)}"]`)?.focus();
}

function card(template, open) {
  const body = template.components.find((part) => part.type === "BODY")?.text ?? "";
  const state = make(`span.tag.${template.status.toLowerCase()}`, words[`template_${template.status}`] ?? template.status);
  const name = make("span.grow", attributes(make("bdi", template.name), { dir: "ltr" }),
    make("small", [template.language, words[`category_${template.category}`] ?? template.category].join(" · ")));
  const details = make("details.template", make("summary", name, state), outside("p.body", body), verbs(template));
  return attributes(details, { "data-id": template.id, open });
}

function verbs(template) {
  const score = template.quality_score?.score;
  return make("div.chips",
    ...(EVENTS[template.status] ?? ["APPROVED"]).map((event) => verb(template, words[`event_${event}`], { event })),
    ...QUALITIES.filter((one) => one !== score).map((quality) => verb(template, words[`quality_${quality}`], { quality })),
    ...CATEGORIES.filter((one) => one !== template.category).map((category) =>
      verb(template, `${words.becomes} ${words[`category_${category}`]}`, { category })));
}

function verb(template, label, wish) {
  const node = button(label, () => decide(template, wish));
  return attributes(node, { "data-act": `${template.id} ${Object.values(wish)[0]}` });
}

export function wireTemplates() {
  whenOpen("templates", look);
  onNews(look);
}
