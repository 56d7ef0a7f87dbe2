// What this browser remembers of the page between visits: which phones are kept on the screen, which tab is open.

const KEY = "wakeel.phones";
const held = { kept: [], hidden: [], tab: "person", ...stored() };

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // storage is forbidden or was written by something else: start as on the first visit
  }
}

export const prefer = (name) => held[name];

export function remember(name, value) {
  held[name] = value;
  try {
    localStorage.setItem(KEY, JSON.stringify(held));
  } catch {
    return; // forbidden or full: the choice lasts as long as the page
  }
}
