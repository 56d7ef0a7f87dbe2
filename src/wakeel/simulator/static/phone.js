// One phone on the page: whose it is, the business's name, the window, the chat and the writing line.
import { $, attributes, button, iconButton, make, outside, setText } from "./dom.js";
import { openAttach } from "./attach.js";
import { gist } from "./bubble.js";
import { openBubbleMenu } from "./bubble_menu.js";
import { Chat, describe } from "./chat.js";
import { openPhoneMenu } from "./phone_menu.js";
import { businessNow, post, state } from "./simulator.js";
import { day, hour, words } from "./words.js";

export class Pane {
  // hooks: {onTouch(waId), onClose(waId), onMove(waId, newWaId)}
  constructor(phone, hooks) {
    this.hooks = hooks;
    this.waId = phone.wa_id;
    this.role = phone.role;
    this.quoting = null;
    this.root = attributes(make("section.pane"), { "data-role": phone.role, "data-wa-id": phone.wa_id });
    this.root.append($("#phone").content.cloneNode(true));
    this.chat = new Chat(phone.wa_id, $(".chat", this.root), $(".newer", this.root), {
      onMenu: (message) => openBubbleMenu(this, message),
    });
    this.#tools();
    this.#composer();
    this.root.addEventListener("focusin", () => hooks.onTouch(this.waId));
  }

  #tools() {
    const menu = iconButton("more", words.phone_menu, () => openPhoneMenu(this));
    const close = iconButton("close", words.hide_phone, () => this.hooks.onClose(this.waId));
    $(".tools", this.root).append(menu, close);
  }

  #composer() {
    this.box = $("textarea", this.root);
    const form = $("form", this.root);
    const label = words[`write_as_${this.role}`];
    attributes(this.box, { placeholder: label, "aria-label": label });
    form.prepend(iconButton("attach", words.attach, () => openAttach(this), "button.attach"));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.#send(); }
      if (event.key === "Escape") this.answer(null);
    });
  }

  async #send() {
    const text = this.box.value;
    if (!text.trim()) return;
    const quoting = this.quoting;
    this.box.value = "";
    this.answer(null);
    if (!(await this.write(text, quoting)) && !this.box.value) this.box.value = text;
  }

  write(text, quoting = null) {
    return post(`/api/phones/${this.waId}/text`, { text, ...(quoting ? { context_wamid: quoting.wamid } : {}) });
  }

  // Quote a message in what is written next; null quotes nothing.
  answer(message) {
    this.quoting = message;
    const strip = $(".answering", this.root);
    strip.hidden = !message;
    if (!message) return;
    const whose = words[message.direction === "sent" ? "quote_own" : "quote_business"];
    strip.replaceChildren(make("span.grow", make("b", whose), outside("span", gist(message))),
      iconButton("close", words.no_quote, () => this.answer(null)));
    this.box.focus();
  }

  draw(phone) {
    const owner = `${words[`phone_${phone.role}`]}: ${phone.name}`;
    if (this.root.getAttribute("aria-label") !== owner) attributes(this.root, { "aria-label": owner });
    setText($(".owner-name", this.root), phone.name);
    setText($(".owner .face", this.root), [...phone.name][0] ?? "");
    setText($(".kind", this.root), this.#facts(phone));
    setText($(".business", this.root), state.business.name);
    setText($(".who .face", this.root), [...state.business.name][0] ?? "");
    const typing = Boolean(phone.typing_until && phone.typing_until > businessNow());
    setText($(".typing", this.root), typing ? words.typing : words.business_account);
    $(".typing", this.root).classList.toggle("now", typing);
    this.#window(phone);
    this.#says(phone.says);
    describe($(".chat", this.root), phone.name);
    this.chat.draw(phone.messages);
  }

  #facts(phone) {
    const facts = [words[`role_${phone.role}`]];
    if (phone.script) facts.push(scriptName(phone.script));
    if (phone.blocked) facts.push(words.blocked);
    if (phone.hide_phone) facts.push(phone.username ? `@${phone.username}` : words.number_hidden);
    return facts.join(" · ");
  }

  #window(phone) {
    const line = $(".window", this.root);
    const until = phone.window_open_until;
    const open = until !== null && until > businessNow();
    line.classList.toggle("closed", !open);
    setText($("span", line), open ? `${words.window_open} ${hour(until)} · ${day(until)}` : words.window_closed);
  }

  #says(texts) {
    const key = texts.join("\n");
    if (this.said === key) return;
    this.said = key;
    $(".says", this.root).replaceChildren(...texts.map((text) =>
      attributes(button(text, () => this.write(text)), { dir: "auto" })));
  }
}

export function scriptName(name) {
  const script = state.scripts?.find((one) => one.name === name);
  return script?.[document.documentElement.lang] || name;
}
