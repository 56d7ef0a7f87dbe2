// The session as a whole: save it as a scenario, or go back to the beginning.
import { $, attributes, make } from "./dom.js";
import { ask } from "./sheet.js";
import { post, refresh, say } from "./simulator.js";
import { words } from "./words.js";

async function save() {
  const answer = await fetch("/api/scenario").catch(() => null);
  if (!answer?.ok) {
    const told = await answer?.json().catch(() => ({}));
    say(`${words.refused} ${told?.error ?? words.lost}`);
    return;
  }
  const address = URL.createObjectURL(await answer.blob());
  attributes(make("a"), { href: address, download: "rehearsal.yaml" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

async function reset() {
  if (await post("/api/reset")) say(words.was_reset);
  refresh();
}

async function record() {
  if (await post("/api/scenario")) say(words.recording);
}

export function wireSession() {
  $("#record").addEventListener("click", record);
  $("#save-scenario").addEventListener("click", save);
  $("#reset").addEventListener("click", () => ask(words.reset, words.reset_question, words.reset_yes, reset));
}
