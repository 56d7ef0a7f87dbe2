// Talking to the simulator: its state, kept fresh, and the bench's verbs.
import { $, setText } from "./dom.js";
import { liveIn, words } from "./words.js";

export let state = null;
let fetchedAt = 0;
let listeners = [];

export const onNews = (listener) => listeners.push(listener);
export const businessNow = () => state.clock.now + (Date.now() - fetchedAt) / 1000;
export const phoneOf = (waId) => state.phones.find((phone) => phone.wa_id === waId);

// The answer of a bench verb, or null after telling the person why it was refused.
export async function post(path, body = {}) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    say(words.lost);
    return null;
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  say(`${words.refused} ${told.error || answer.status}`);
  return null;
}

export const get = async (path) => (await fetch(path)).json();

// Most phones are as they were: they come as a mark only.
async function fresh() {
  const known = new Map((state?.phones ?? []).map((phone) => [phone.mark, phone]));
  const news = await get(`/api/state?have=${[...known.keys()].join()}`);
  news.phones = news.phones.map((phone) => (phone.same ? known.get(phone.mark) : phone));
  return news;
}

const REST = 2; // a state of twenty full phones takes time: rest twice as long as the last one took
let busy = false;
let again = false;

export async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  const started = performance.now();
  try {
    state = await fresh();
    fetchedAt = Date.now();
    liveIn(state.time_zone);
    drawAll();
  } catch (fault) {
    if (!(fault instanceof TypeError) || !fault.message.includes("fetch")) throw fault;
    say(words.lost);
  } finally {
    setTimeout(() => {
      busy = false;
      if (again) { again = false; refresh(); }
    }, Math.min(1500, (performance.now() - started) * REST));
  }
}

export const drawAll = () => state && listeners.forEach((listener) => listener(state));

export function listen() {
  const events = new EventSource("/api/events");
  events.onopen = () => say("");
  events.onmessage = refresh;
  events.onerror = () => say(words.lost);
  addEventListener("pagehide", () => events.close());
  setInterval(drawAll, 5000); // windows close and typing ends without an event
}

let noticeTimer = 0;

export function say(text) {
  setText($("#notice"), text);
  clearTimeout(noticeTimer);
  if (text && text !== words.lost) noticeTimer = setTimeout(() => setText($("#notice"), ""), 6000);
}

export async function copy(text) {
  await navigator.clipboard.writeText(text);
  say(words.copied);
}
