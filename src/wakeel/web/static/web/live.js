/* Live places. One stream of server-sent events for all tabs of a browser: the tab that holds the lock listens and tells
   the others. Nothing here holds words: the server draws them all.

   How a place becomes live (docs/decisions/0023-live-updates.md has why):

   data-live="KEY"       What stands inside is replaced by what the server draws for KEY, see stream.py:
                           opportunity:ID   chip of a queue row                              {% live_chip chip %}
                           message:ID       state of one message, with its countdown         {% live_chip chip %}
                           queue failures requests stop      numbers of the navigation, the stop band
                         A row is never replaced, only such a small part of it. What has the focus inside waits for it to leave.
   data-live-on="KEY …"  A region with hx-get and hx-trigger="live": when one of its KEYs changes it gets the event `live`,
                         and htmx asks for the region again with the rights of who looks. At most once a second, and not
                         while the focus, a selection or something opened is inside. KEYs: opportunity:ID, message:ID, contact:ID,
                         meeting:ID, request:ID, template, stop, and * for anything.
   data-until="MS" data-words="NAME"   A countdown to business time MS: {% until moment "sends" %} or "left" draws it.
   data-live-new         A hidden link on the queue: is shown, with how many in words, when something came to wait that the
                         page does not have.  <a href="…" class="button soft" data-live-new hidden></a>
   data-live-sign, data-live-lost, data-live-old   «مباشر», the band while the stream is lost, and the one for a page that
                         missed too much; all in base.html. data-live-at inside: as of when. */
"use strict";

(() => {
  const { liveUrl, liveAs, liveSince, liveNow, liveWords, digits } = document.body.dataset;
  if (!liveUrl) return;

  const words = JSON.parse(liveWords);
  const plural = new Intl.PluralRules(document.documentElement.lang);
  const arabic = (text) => (digits === "arabic" ? text.replace(/\d/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[digit]) : text);
  const counted = (forms, n) => arabic(forms[plural.select(n)].replace("{n}", n));
  const all = (selector) => document.querySelectorAll(selector);
  const show = (name, is) => all(`[data-live-${name}]`).forEach((place) => { place.hidden = !is; });

  /* --- countdowns: by the server's clock, which in practice may run ahead of everybody's */
  let ahead = liveNow - Date.now();

  const left = (ms) => {
    const minutes = Math.floor(ms / 60000);
    const form = ms <= 0 ? words.left.past : minutes < 60 ? words.left.minutes : words.left.hours;
    return arabic(form.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes % 60));
  };

  const count = () => {
    for (const place of all("[data-until]")) {
      const ms = place.dataset.until - Date.now() - ahead;
      const name = place.dataset.words;
      const said = name === "left" ? left(ms) : counted(words[name], Math.max(0, Math.floor(ms / 1000)));
      if (place.textContent !== said) place.textContent = said;
    }
  };
  setInterval(count, 1000);

  /* --- nothing moves under a finger: a place that is used waits */
  const isUsed = (place) => {
    const selection = getSelection();
    return place.contains(document.activeElement) || place.querySelector("details[open]")
      || (!selection.isCollapsed && selection.containsNode(place, true));
  };
  const waiting = new Map();
  const later = () => {
    for (const [place, act] of waiting) {
      if (!place.isConnected) waiting.delete(place);
      else if (!isUsed(place)) { waiting.delete(place); act(place); }
    }
  };
  setInterval(later, 300);
  const when = (place, act) => (isUsed(place) ? waiting.set(place, act) : act(place));

  const put = (key, html) => {
    for (const place of all(`[data-live="${CSS.escape(key)}"]`)) when(place, () => { place.innerHTML = html; });
  };

  /* --- regions ask for themselves: at most once a second, and those that fail leave the page as it is */
  const asked = new WeakMap();
  const ask = (place) => {
    const wait = (asked.get(place) || 0) + 1000 - Date.now();
    if (wait > 0) { waiting.set(place, ask); return; }
    asked.set(place, Date.now());
    htmx.trigger(place, "live");
  };
  const touch = (keys) => {
    const changed = new Set(keys);
    for (const place of all("[data-live-on]")) {
      const own = place.dataset.liveOn.split(" ");
      if (changed.has("*") || own.some((key) => key === "*" || changed.has(key))) when(place, ask);
    }
  };
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.triggeringEvent?.type === "live") event.detail.headers["X-Wakeel-Live"] = "1";
  });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { requestConfig, target } = event.detail;
    if (!requestConfig?.headers["X-Wakeel-Live"] || !isUsed(target)) return;
    event.preventDefault();
    const own = requestConfig.elt;
    waiting.set(target, () => ask(own));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.headers["X-Wakeel-Live"] && event.detail.xhr.status >= 400) event.detail.shouldSwap = false;
  });

  /* --- what came to wait stays behind a button */
  const fresh = new Set();
  const came = (ids) => {
    const link = document.querySelector("[data-live-new]");
    if (!link) return;
    for (const id of ids) if (!document.querySelector(`[data-live="opportunity:${CSS.escape(id)}"]`)) fresh.add(id);
    if (!fresh.size) return;
    link.textContent = counted(words.new, fresh.size);
    link.hidden = false;
  };

  /* --- hearing: from the stream, or from the tab that has it */
  const AGAIN_MS = [1000, 2000, 5000, 10000, 30000];
  const DEAD_AFTER_MS = 35000;
  const LOST_AFTER_MS = 3000;
  const KEPT = 200;
  let last = Number(liveSince);
  let heardAt = Date.now();
  let isOld = false;
  let losing = 0;

  const lose = () => {
    if (!losing) losing = setTimeout(() => { show("sign", false); show("lost", !isOld); }, LOST_AFTER_MS);
  };
  const hear = ({ id, ahead: known, at, put: places, on, new: ids, old }) => {
    clearTimeout(losing);
    losing = 0;
    heardAt = Date.now();
    ahead = known;
    isOld ||= Boolean(old);
    show("lost", false);
    show("old", isOld);
    show("sign", !isOld);
    if (!isOld) for (const place of all("[data-live-at]")) place.textContent = at;
    if (!places) return;
    for (const [key, html] of Object.entries(places)) put(key, html);
    touch(on);
    came(ids);
    count();
    if (id > last) last = id;
  };

  /* --- the leader: its stream is everybody's */
  const name = `wakeel-live-${liveAs}`;
  const channel = new BroadcastChannel(name);
  let source = null;
  let from = 0;
  let tries = 0;
  let kept = [];

  let beat = null;

  const tell = ({ now, ...told }) => {
    told.ahead = now - Date.now();
    beat = { ahead: told.ahead, at: told.at };
    if (told.id) kept = [...kept.slice(1 - KEPT), told];
    channel.postMessage(told);
    hear(told);
  };
  const open = (since) => {
    source?.close();
    from = since;
    kept = [];
    source = new EventSource(`${liveUrl}?since=${since}`);
    source.addEventListener("news", (event) => {
      tries = 0;
      tell({ ...JSON.parse(event.data), id: Number(event.lastEventId) });
    });
    source.addEventListener("beat", (event) => tell(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      channel.postMessage({ lost: true });
      lose();
      if (source.readyState === EventSource.CLOSED) again();
    });
  };
  const again = () => {
    source.close();
    setTimeout(() => source && open(last), AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)]);
  };

  channel.addEventListener("message", ({ data }) => {
    if (data.lost) lose();
    else if ("hello" in data) {
      if (!source) return;
      // A tab that is older than the stream: what it missed is said again to all, which changes nothing for the others.
      if (data.hello < from) open(data.hello);
      else for (const told of [beat, ...kept]) if (told && (told === beat || told.id > data.hello)) channel.postMessage(told);
    } else hear(data);
  });

  const lead = () => new Promise((done) => {
    open(last);
    addEventListener("pagehide", () => { source.close(); source = null; done(); }, { once: true });
  });
  const join = () => {
    if (navigator.locks) {
      channel.postMessage({ hello: last });
      navigator.locks.request(name, lead);
    } else lead();
  };
  join();
  // A page that the browser kept aside and shows again has stopped listening.
  addEventListener("pageshow", (event) => event.persisted && !source && join());

  setInterval(() => {
    if (Date.now() - heardAt < DEAD_AFTER_MS) return;
    lose();
    if (source && source.readyState !== EventSource.CLOSED) { heardAt = Date.now(); open(last); }
  }, 5000);
})();
