// The bench's verbs for one person: their script, and statuses told by hand.
import { $, attributes, button, make, outside, setText } from "./dom.js";
import { gist } from "./bubble.js";
import { aimed, target } from "./people.js";
import { onNews, post, say } from "./simulator.js";
import { LANG, words } from "./words.js";

const STATUSES = [["sent"], ["delivered"], ["read"], ["failed", 131026], ["failed", 131047], ["failed", 131049]];

const newest = () => aimed()?.messages.findLast((message) => message.direction === "received");

function statusButtons() {
  return STATUSES.map(([status, code]) => {
    const node = button(words[`status_${status}`], () => report(status, code));
    if (code) node.append(" ", make("bdi", String(code)));
    return attributes(node, { "data-status": status });
  });
}

function report(status, code) {
  const last = newest();
  if (last) post("/api/statuses", { wamid: last.wamid, status, ...(code ? { code } : {}) });
  else say(words.no_message);
}

function drawScripts(state) {
  const scripts = state.scripts ?? [];
  const key = scripts.map((one) => one.name).join();
  const box = $("#scripts");
  if (box.dataset.key !== key) {
    box.dataset.key = key;
    box.replaceChildren(...[{ name: "", [LANG]: words.by_hand }, ...scripts].map((script) => attributes(
      button(outside("span", script[LANG] || script.name), () => choose(script.name)), { "data-script": script.name },
    )));
  }
  const now = aimed()?.script ?? "";
  for (const node of box.children) attributes(node, { "aria-pressed": String(node.dataset.script === now) });
  $("#script-box").hidden = !scripts.length;
}

const choose = (name) => post(`/api/phones/${target.waId}/script`, { script: name || null });

function draw(state) {
  drawScripts(state);
  const last = newest();
  setText($("#last-message"), last ? gist(last) : words.no_message);
  const { waiting, last_status: status } = state.webhook;
  setText($("#waiting"), String(waiting));
  setText($("#last-status"), String(status ?? words.no_answer));
}

export function wirePerson() {
  $("#statuses").append(...statusButtons());
  onNews(draw);
}
