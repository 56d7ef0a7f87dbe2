// The bubbles of one chat: drawn once, then only followed, so that focus, scroll and selection stay.
import { $, $$, attributes, make, setText } from "./dom.js";
import { buildBubble, drawReactions, drawTicks, looks } from "./bubble.js";
import { markAnswered } from "./choices.js";
import { businessNow } from "./simulator.js";
import { day, words } from "./words.js";

const NEAR_PX = 90; // closer to the foot (or the top) than this counts as being there
const PAGE = 40; // bubbles drawn at first, and more at each visit to the top
const MANY = 120; // more than this are cut back to a page once nobody reads the older ones
const DAY_S = 86400;

export class Chat {
  // hooks: {onMenu(message)}
  constructor(waId, log, pill, hooks) {
    Object.assign(this, { waId, log, pill, hooks, drawn: new Map(), rows: new Map(), answers: new Map() });
    Object.assign(this, { first: null, fresh: [], below: 0, follows: true });
    log.addEventListener("keydown", (event) => this.#walk(event));
    log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.follows && this.toFoot()).observe(log);
    pill.addEventListener("click", () => this.toFoot());
  }

  // Writes only; `settle` reads the layout, once for all chats.
  draw(messages) {
    const today = day(businessNow());
    if (messages === this.messages && today === this.today) return; // nothing came, nothing changed
    Object.assign(this, { messages, today });
    const known = this.rows;
    this.rows = new Map(messages.map((message) => [message.wamid, message]));
    this.fresh = messages.filter((message) => !known.has(message.wamid));
    for (const message of this.fresh) this.#noteAnswer(message);
    this.#drawFrom(this.#start(messages));
  }

  settle() {
    const fresh = this.fresh.splice(0);
    if (!fresh.length) return;
    if (this.follows || fresh.at(-1).direction === "sent") this.toFoot();
    else this.#announce(fresh.length);
  }

  toFoot() {
    this.log.scrollTop = this.log.scrollHeight;
    this.#scrolled();
  }

  show(wamid) {
    if (!this.rows.has(wamid)) return;
    while (!this.drawn.has(wamid)) this.#earlier();
    const { bubble } = this.drawn.get(wamid);
    bubble.scrollIntoView({ block: "center", behavior: "smooth" });
    bubble.classList.remove("found");
    requestAnimationFrame(() => bubble.classList.add("found"));
    bubble.focus({ preventScroll: true });
  }

  // The first message to draw: what was drawn stays, but a long chat nobody scrolls in is cut back.
  #start(messages) {
    const newestPage = Math.max(0, messages.length - PAGE);
    if (this.first === null || (this.follows && this.drawn.size > MANY)) return newestPage;
    return Math.max(0, messages.findIndex((message) => message.wamid === this.first));
  }

  #drawFrom(start) {
    const messages = [...this.rows.values()].slice(start);
    this.first = messages[0]?.wamid ?? null;
    this.#forget(new Set(messages.map((message) => message.wamid)));
    const bubbles = messages.map((message) => this.#drawOne(message));
    bubbles.reduceRight((next, bubble) => {
      if (bubble.parentNode !== this.log) this.log.insertBefore(bubble, next);
      return bubble;
    }, null);
    const empty = $(".empty", this.log);
    if (!bubbles.length && !empty) this.log.append(make("p.empty", words.empty_chat));
    else if (bubbles.length) empty?.remove();
    this.#dates(messages);
  }

  #earlier() {
    const all = [...this.rows.keys()];
    const start = Math.max(0, all.indexOf(this.first) - PAGE);
    const height = this.log.scrollHeight;
    const top = this.log.scrollTop;
    this.#drawFrom(start);
    this.log.scrollTop = top + this.log.scrollHeight - height;
  }

  #drawOne(message) {
    const known = this.drawn.get(message.wamid);
    const look = looks(message);
    const bubble = known?.look === look ? known.bubble : this.#build(message, look, known);
    drawTicks(bubble, message);
    drawReactions(bubble, message);
    return bubble;
  }

  #build(message, look, known) {
    const bubble = buildBubble(this.waId, message, {
      quoted: (wamid) => this.rows.get(wamid),
      onQuote: (wamid) => this.show(wamid),
      onMenu: (drawn) => this.hooks.onMenu(this.rows.get(drawn.wamid) ?? drawn),
    });
    known?.bubble.replaceWith(bubble);
    this.drawn.set(message.wamid, { bubble, look });
    for (const reply of this.answers.get(message.wamid) ?? []) markAnswered(bubble, reply);
    return bubble;
  }

  #noteAnswer(message) {
    if (message.direction !== "sent" || !message.context_wamid || message.type === "text") return;
    const replies = this.answers.get(message.context_wamid) ?? [];
    this.answers.set(message.context_wamid, [...replies, message]);
    const card = this.drawn.get(message.context_wamid);
    if (card) markAnswered(card.bubble, message);
  }

  // Messages that left the newest 200, were cut back, or went with a reset.
  #forget(kept) {
    for (const [wamid, { bubble }] of this.drawn) {
      if (kept.has(wamid)) continue;
      bubble.remove();
      this.drawn.delete(wamid);
    }
  }

  // Today moves with the practice clock, so dates are written again when it has moved or the chat has changed.
  #dates(messages) {
    const key = `${this.today} ${messages.length} ${messages[0]?.wamid} ${messages.at(-1)?.wamid}`;
    if (this.dated === key) return;
    this.dated = key;
    for (const old of $$(".day", this.log)) old.remove();
    let last = null;
    for (const message of messages) {
      const date = day(message.at);
      if (date !== last) this.drawn.get(message.wamid).bubble.before(make("p.day", near(message.at)));
      last = date;
    }
  }

  // Who reads the newest goes on reading the newest; who reads older ones stays where they are.
  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    this.follows = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (scrollTop < NEAR_PX && !this.follows && this.first !== this.rows.keys().next().value) this.#earlier();
    if (!this.follows) return;
    this.below = 0;
    this.pill.hidden = true;
  }

  #announce(more) {
    this.below += more;
    this.pill.hidden = false;
    setText($("span", this.pill), String(this.below));
  }

  // Arrows walk from bubble to bubble; Enter opens the menu of the one in focus.
  #walk(event) {
    const bubbles = $$(":scope > .bubble", this.log);
    const here = bubbles.indexOf(document.activeElement);
    const steps = { ArrowUp: here < 0 ? bubbles.length - 1 : here - 1, ArrowDown: here + 1, Home: 0, End: bubbles.length - 1 };
    if (event.key in steps && (event.target === this.log || here >= 0)) {
      event.preventDefault();
      bubbles[Math.max(0, Math.min(bubbles.length - 1, steps[event.key]))]?.focus();
    } else if (event.key === "Enter" && here >= 0) {
      event.preventDefault();
      this.hooks.onMenu(this.rows.get(bubbles[here].dataset.wamid));
    }
  }
}

function near(seconds) {
  const date = day(seconds);
  if (date === day(businessNow())) return words.today;
  return date === day(businessNow() - DAY_S) ? words.yesterday : date;
}

export const describe = (log, owner) => attributes(log, { "aria-label": `${words.chat_with}: ${owner}` });
