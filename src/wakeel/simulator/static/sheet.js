// One sheet for everything that rises from the foot of a phone: lists, menus, forms, questions.
import { $, attributes, button, icon, make } from "./dom.js";
import { words } from "./words.js";

const dialog = () => $("#sheet");

// Show nodes over a phone (or over the page when `over` is null), titled.
export function openSheet(title, nodes, over = null) {
  $("#sheet-title").textContent = title;
  $("#sheet-body").replaceChildren(...nodes);
  place(over?.closest(".pane")?.querySelector(".phone"));
  if (!dialog().open) dialog().showModal();
  dialog().scrollTop = 0;
}

export const closeSheet = () => dialog().close();

function place(phone) {
  const box = phone?.getBoundingClientRect();
  const fits = Boolean(box) && innerWidth > 560;
  dialog().classList.toggle("in-phone", fits);
  if (!fits) return;
  const start = document.dir === "rtl" ? innerWidth - box.right : box.left;
  dialog().style.setProperty("--sheet-start", `${Math.max(0, Math.min(start, innerWidth - box.width))}px`);
  dialog().style.setProperty("--sheet-width", `${box.width}px`);
  dialog().style.setProperty("--sheet-foot", `${Math.max(0, innerHeight - box.bottom)}px`);
}

export function wireSheet() {
  $("#sheet-close").addEventListener("click", closeSheet);
  dialog().addEventListener("click", (event) => { if (event.target === dialog()) closeSheet(); });
  addEventListener("resize", () => { if (dialog().classList.contains("in-phone")) closeSheet(); });
}

// A line of a menu: closes the sheet, then acts (acting may open the next sheet).
export function choice(name, label, onTap, spec = "button.choice") {
  const node = button(icon(name), () => { closeSheet(); onTap(); }, spec);
  node.append(make("span", label));
  return node;
}

// fields: [{name, label, value?, kind?: "text" | "number" | "area" | "check" | "select" | "file", options?, accept?, hint?,
// latin?, optional?}]; what was left empty is not among the values.
export function openForm({ title, fields, done, over = null, label = words.send, note = null }) {
  const form = make("form.form", note && make("p.note", note), ...fields.map(field));
  form.append(attributes(make("button.main", label), { type: "submit" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    closeSheet();
    done(values(form, fields));
  });
  openSheet(title, [form], over);
  $("input, textarea, select", form)?.focus();
}

function field(one) {
  const input = attributes(make(one.kind === "area" ? "textarea" : one.kind === "select" ? "select" : "input"), {
    name: one.name, dir: one.latin || one.kind === "number" ? "ltr" : "auto", required: !one.optional && one.kind !== "check",
  });
  if (one.kind === "check") attributes(input, { type: "checkbox", checked: one.value });
  else if (one.kind === "file") attributes(input, { type: "file", accept: one.accept });
  else if (one.kind === "number") attributes(input, { type: "number", step: "any" });
  for (const [value, label] of one.options ?? []) input.append(attributes(make("option", label), { value }));
  if (one.kind !== "check" && one.value !== undefined) input.value = one.value;
  const label = make("span", one.label, one.hint ? make("small", one.hint) : null);
  return one.kind === "check" ? make("label.check", input, label) : make("label", label, input);
}

function values(form, fields) {
  return Object.fromEntries(fields.map(({ name, kind }) => {
    const input = form.elements[name];
    if (kind === "check") return [name, input.checked];
    if (kind === "file") return [name, input.files[0] ?? ""];
    return [name, kind === "number" ? Number(input.value) : input.value];
  }).filter(([, value]) => value !== ""));
}

// A question before something that cannot be taken back.
export function ask(title, explanation, yes, onYes) {
  const sure = button(yes, () => { closeSheet(); onYes(); }, "button.main.danger");
  openSheet(title, [make("p.note", explanation), sure]);
  sure.focus();
}
