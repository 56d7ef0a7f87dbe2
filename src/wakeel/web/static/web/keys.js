/* The keyboard of the desk. A key clicks the visible button that bears it (data-key), so nothing is possible by key that
   is not possible by hand. The typed letter counts when it is Latin, else the physical key: an Arabic layout works.
   Never while typing, never with Ctrl, Alt or Meta. Not loaded where somebody turned it off. */
"use strict";

(() => {
  const PAGES = { Q: "/", F: "/failures/", C: "/contacts/", M: "/meetings/", T: "/templates/", N: "/numbers/", L: "/audit/", H: "/health/" };
  const ON_ITEM = new Set(["A", "D", "M", "E", "S", "L", "X", "Shift+X"]);
  const GO_WITHIN_MS = 1500;
  let wentAt = 0;

  /* What a closed menu holds has a place on the page all the same. */
  const shown = (one) => one && one.getClientRects().length > 0 && !one.closest("details:not([open]) > :not(summary)");
  const isTyping = (one) => one.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const openMenu = () => document.querySelector("details.menu[open]");

  function keyOf(event) {
    const typed = /^[a-z0-9/?]$/i.test(event.key) ? event.key.toUpperCase() : "";
    if (typed) return typed;
    const physical = /^(?:Key|Digit)(.)$/.exec(event.code);
    if (physical) return physical[1];
    return event.code === "Slash" ? (event.shiftKey ? "?" : "/") : event.key;
  }

  const rows = () => [...document.querySelectorAll(".rows .row > a")];

  /* On a narrow screen the list is a page of its own: there the neighbour opens at once. */
  function step(by) {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const from = at >= 0 ? at : all.findIndex((row) => row.parentElement.classList.contains("current"));
    const next = all[at < 0 && by > 0 && document.body.classList.contains("asked-list") ? from : from + by] ?? all[at];
    if (shown(next)) next.focus();
    else next?.click();
    return Boolean(next);
  }

  /* What is decided is what stands open: from another row the key only opens that one. */
  function pointsElsewhere() {
    const row = document.activeElement?.closest?.(".rows .row");
    return row && !row.classList.contains("current") ? row.querySelector("a") : null;
  }

  function press(name, within = document) {
    const found = [...within.querySelectorAll("[data-key]")].find((one) => one.dataset.key === name && shown(one));
    if (!found) return false;
    if (found.matches("input")) found.focus();
    else found.click();
    if (found.matches("summary") && found.parentElement.open) found.parentElement.querySelector("button").focus();
    return true;
  }

  function closeMenu(menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }

  function typing(event) {
    const box = event.target;
    if (event.ctrlKey && event.key === "Enter" && box.form) {
      const approve = box.form.querySelector('[data-key="Ctrl+Enter"]');
      if (approve) approve.click();
      return Boolean(approve);
    }
    if (event.key !== "Escape") return false;
    const leaves = !box.dataset.leave || box.value === box.defaultValue || window.confirm(box.dataset.leave);
    if (leaves) {
      if (box.dataset.leave) box.value = box.defaultValue;
      box.closest("details.rewrite")?.removeAttribute("open");
      box.blur();
    }
    return true;
  }

  function plain(event) {
    const name = keyOf(event);
    const menu = openMenu();
    if (menu && name === "Escape") return closeMenu(menu), true;
    if (/^\d$/.test(name)) return Boolean(menu) && press(name, menu);
    if (Date.now() - wentAt < GO_WITHIN_MS && PAGES[name]) {
      wentAt = 0;
      document.querySelector(`.nav a[href="${PAGES[name]}"]`)?.click();
      return true;
    }
    if (name === "G") return (wentAt = Date.now()), true;
    if (name === "J" || name === "K") return step(name === "J" ? 1 : -1);
    if (name === "ArrowDown" || name === "ArrowUp") return rows().includes(document.activeElement) && step(name === "ArrowDown" ? 1 : -1);
    if (name === "?") return document.querySelector('.nav a[href="/help/"]')?.click(), true;
    const other = pointsElsewhere();
    if (name === "O") return (other ?? document.querySelector(".item-who a"))?.[other ? "click" : "focus"](), true;
    const asked = event.shiftKey && name === "X" ? "Shift+X" : name;
    if (other && ON_ITEM.has(asked)) return other.click(), true;
    return press(asked);
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.repeat || event.isComposing || event.defaultPrevented) return;
    const done = isTyping(event.target) ? typing(event) : !event.ctrlKey && plain(event);
    if (done) event.preventDefault();
  });

  /* One menu at a time; a click beside it closes it. */
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  /* What was typed is not lost by a wrong key, another button or a closed tab. */
  let sent = null;
  document.addEventListener("submit", (event) => (sent = event.target));
  window.addEventListener("beforeunload", (event) => {
    const boxes = [...document.querySelectorAll("textarea[data-leave]")];
    if (boxes.some((box) => box.value !== box.defaultValue && box.form !== sent)) event.preventDefault();
  });
})();
