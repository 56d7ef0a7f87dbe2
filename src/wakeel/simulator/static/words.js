// The page's words in its language, and how times and sizes are said in it.

export const LANG = document.documentElement.lang;
const LOCALE = LANG === "ar" ? "ar-SA-u-ca-gregory-nu-latn" : "en-GB";

export const words = {};
let timeZone = "UTC";

export async function loadWords() {
  const both = await (await fetch("/static/words.json")).json();
  Object.assign(words, both[LANG]);
}

export function liveIn(zone) { timeZone = zone; }

// "{name} …" with its places filled.
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const formats = new Map();

function moment(seconds, options) {
  const key = timeZone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(LOCALE, { timeZone, ...options }));
  return formats.get(key).format(new Date(seconds * 1000));
}

export const hour = (seconds) => moment(seconds, { hour: "numeric", minute: "2-digit", hour12: true });
export const toTheSecond = (seconds) =>
  moment(seconds, { hour: "numeric", minute: "2-digit", second: "2-digit", hour12: true });
export const day = (seconds) => moment(seconds, { day: "numeric", month: "long" });

// How far ahead the practice clock is: "+26:05".
export function lead(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `+${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

export function size(bytes) {
  if (!bytes) return "";
  const [amount, unit] = bytes < 1000 ? [bytes, "B"] : bytes < 1e6 ? [bytes / 1000, "KB"] : [bytes / 1e6, "MB"];
  return `${amount < 10 && unit !== "B" ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}
