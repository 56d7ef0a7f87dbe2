// What can be changed about a phone and its owner: script, name, number, preferences, reading.
import { attributes, button, ltr, make, outside } from "./dom.js";
import { choice, closeSheet, openForm, openSheet } from "./sheet.js";
import { phoneOf, post, state } from "./simulator.js";
import { LANG, words } from "./words.js";

const READS = ["read", "delivered", "off"];
const DIALECTS = ["gulf", "egyptian", "levantine", "english"];

// pane: {waId, root, hooks}
export function openPhoneMenu(pane) {
  const phone = phoneOf(pane.waId);
  openSheet(phone.name, [
    who(phone),
    scripts(pane, phone),
    choice("contact", words.profile, () => openProfile(pane, phone)),
    choice("phone", words.new_number, () => openNumber(pane, phone)),
    phone.marketing_stopped
      ? choice("check", words.marketing_resume, () => act(pane, "preferences", { marketing: "resume" }))
      : choice("block", words.marketing_stop, () => act(pane, "preferences", { marketing: "stop" })),
    choice("block", phone.blocked ? words.unblock : words.block, () => act(pane, "block", { blocked: !phone.blocked })),
    choice("twice", words.read_all, () => act(pane, "read", {})),
  ].filter(Boolean), pane.root);
}

const act = (pane, verb, wish) => post(`/api/phones/${pane.waId}/${verb}`, wish);

function who(phone) {
  const username = phone.username ? `@${phone.username}` : "";
  const lines = [[words.number, `+${phone.wa_id}`], [words.username, username], [words.bsuid, phone.bsuid]];
  const told = lines.filter(([, value]) => value);
  return make("dl.facts", ...told.flatMap(([label, value]) => [make("dt", label), make("dd", ltr(value))]));
}

function scripts(pane, phone) {
  if (!state.scripts?.length) return null;
  const options = [{ name: null, [LANG]: words.by_hand }, ...state.scripts];
  return make("div.scripts", make("h3", words.script), ...options.map((script) => {
    const node = button(outside("span", script[LANG] || script.name), () => {
      closeSheet();
      act(pane, "script", { script: script.name });
    });
    return attributes(node, { "aria-pressed": String((phone.script ?? null) === script.name) });
  }));
}

function openProfile(pane, phone) {
  openForm({
    title: words.profile, over: pane.root, label: words.save,
    fields: [
      { name: "name", label: words.person_name, value: phone.name },
      { name: "username", label: words.username, value: phone.username ?? "", latin: true, optional: true },
      { name: "hide_phone", label: words.hide_number, hint: words.hide_number_note, kind: "check", value: phone.hide_phone },
      { name: "reads", label: words.reads, kind: "select", value: phone.reads, options: READS.map((one) => [one, words[`reads_${one}`]]) },
      { name: "speaks", label: words.speaks, kind: "select", value: phone.speaks, options: DIALECTS.map((one) => [one, words[`speaks_${one}`]]) },
    ],
    done: (values) => {
      const changed = Object.entries({ username: null, ...values }).filter(([name, value]) => value !== phone[name]);
      if (changed.length) act(pane, "profile", Object.fromEntries(changed));
    },
  });
}

async function move(pane, wish) {
  if (await act(pane, "number", wish)) pane.hooks.onMove(pane.waId, wish.wa_id);
}

function openNumber(pane, phone) {
  openForm({
    title: words.new_number, over: pane.root, label: words.save, note: words.new_number_note,
    fields: [
      { name: "wa_id", label: words.number, value: phone.wa_id, latin: true },
      { name: "tell", label: words.tell_number, hint: words.tell_number_note, kind: "check", value: true },
    ],
    done: (values) => move(pane, { ...values, wa_id: values.wa_id.replace(/\D/g, "") }),
  });
}
