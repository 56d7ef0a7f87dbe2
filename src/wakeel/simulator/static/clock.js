// The practice clock: what time it is in the rehearsal, and moving it forward.
import { $, $$, setText } from "./dom.js";
import { openForm } from "./sheet.js";
import { businessNow, onNews, post } from "./simulator.js";
import { day, hour, lead, words } from "./words.js";

const advance = (seconds) => post("/api/clock", { advance_s: Math.round(seconds) });

function draw(state) {
  setText($("#offset"), lead(state.clock.offset_s));
  const now = businessNow();
  setText($("#business-now"), `${hour(now)} · ${day(now)}`);
}

function openCustom() {
  openForm({
    title: words.clock_custom, label: words.clock_move, note: words.clock_note,
    fields: [
      { name: "days", label: words.days, kind: "number", value: 0 },
      { name: "hours", label: words.hours, kind: "number", value: 0 },
      { name: "minutes", label: words.minutes, kind: "number", value: 30 },
    ],
    done: ({ days, hours, minutes }) => advance(days * 86400 + hours * 3600 + minutes * 60),
  });
}

export function wireClock() {
  for (const node of $$("[data-advance]")) node.addEventListener("click", () => advance(Number(node.dataset.advance)));
  $("#clock-custom").addEventListener("click", openCustom);
  onNews(draw);
}
