// The phones page of the simulator: puts its parts together and starts them.
import { $, icon } from "./dom.js";
import { wireBench } from "./bench.js";
import { wireClock } from "./clock.js";
import { wireFaults } from "./faults.js";
import { wirePeople } from "./people.js";
import { wirePerson } from "./person.js";
import { wireRates } from "./rates.js";
import { wireRules } from "./rules.js";
import { wireSession } from "./session.js";
import { wireSheet } from "./sheet.js";
import { listen, refresh } from "./simulator.js";
import { wireTemplates } from "./templates.js";
import { wireWire } from "./wire.js";
import { loadWords } from "./words.js";

await loadWords();
for (const place of [...document.querySelectorAll("[data-icon]"), ...$("#phone").content.querySelectorAll("[data-icon]")]) {
  place.prepend(icon(place.dataset.icon));
}
wireSheet();
wirePeople();
for (const wire of [wireClock, wirePerson, wireFaults, wireRates, wireRules, wireTemplates, wireWire, wireSession]) wire();
wireBench();
await refresh();
listen();
