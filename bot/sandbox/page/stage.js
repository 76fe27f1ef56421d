// The demo's own strip: who you are, the clock and its skips, what goes wrong on purpose.

import { ask, isStale } from "./control.js";
import { $, go, now, place, when, world } from "./state.js";
import { node } from "./text.js";

export const HOME_ZONE = "America/Chicago";
const FAULTS = {
  slack_down: ["Slack is down", "Leadbell can post and change nothing. Leads still come in and are kept; when Slack is back, they ring.", "Slack is down: leads are kept, and ring when it is back."],
  twilio_loses: ["The phone network loses its answer", "A text goes out, but Leadbell does not hear that it did. It never sends the same words twice on its own.", "The phone network loses its answers: a text may have gone out, and Leadbell cannot know."],
  slow: ["Everything is slow", "Each call of Slack and of the phone network takes three seconds longer.", "Everything takes three seconds longer."],
};

export function drawMe() {
  if (!isStale($("me"), place.me, world.users)) return;
  $("me").replaceChildren(...world.users.filter((user) => !user.is_bot).map((user) =>
    new Option(`${user.real_name}, ${user.title.toLowerCase()}`, user.id, false, user.id === place.me)));
}

export function drawClock() {
  const text = when(now(), { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" });
  if ($("now").textContent !== text) $("now").textContent = text;
}

export function drawFaults() {
  const on = world.switched;
  $("open-faults").classList.toggle("on", on.length > 0);
  for (const name of Object.keys(FAULTS)) $(`fault-${name}`).checked = on.includes(name);
  $("trouble").hidden = on.length === 0;
  if (!isStale($("trouble"), on)) return;
  const end = node("button", "", "End it");
  end.type = "button";
  end.addEventListener("click", async () => { for (const name of on) await ask("faults", { switch: name, on: false }); });
  $("trouble").replaceChildren(on.map((name) => FAULTS[name][2]).join(" "), end);
}

function makeFaults() {
  $("faults").append(node("h2", "", "What if…"), ...Object.entries(FAULTS).map(([name, [title, hint]]) => {
    const box = node("input");
    box.type = "checkbox";
    box.id = `fault-${name}`;
    box.setAttribute("role", "switch");
    box.addEventListener("change", () => ask("faults", { switch: name, on: box.checked }));
    return node("label", "", box, node("span", "", title), node("small", "", hint));
  }));
}

function opens(button, part) {
  $(button).addEventListener("click", () => {
    const open = $(part).classList.toggle("open");
    $(button).setAttribute("aria-expanded", String(open));
    if (part === "sidebar") $("shade").hidden = !open;
    if (open) $(part).querySelector("button, select")?.focus();
  });
}

export function closeDrawers() {
  for (const [button, part] of [["open-sidebar", "sidebar"], ["open-stage", "stage"]]) {
    const wasIn = $(part).contains(document.activeElement) && $(part).classList.contains("open");
    $(part).classList.remove("open");
    $(button).setAttribute("aria-expanded", "false");
    if (wasIn) $(button).focus();
  }
  $("shade").hidden = true;
}

export function makeStage() {
  makeFaults();
  opens("open-sidebar", "sidebar");
  opens("open-stage", "stage");
  $("shade").addEventListener("click", closeDrawers);
  $("me").addEventListener("change", (event) => go({ me: event.target.value, thread: "" }));
  $("skip").addEventListener("click", () => ask("clock", { advance_s: 300 }));
  $("skip-30").addEventListener("click", () => ask("clock", { advance_s: 1800 }));
  $("skip-morning").addEventListener("click", () => ask("clock", { next: "08:00", zone: HOME_ZONE }));
  for (const id of ["open-faults", "open-lead", "open-phones", "open-tour"]) $(id).addEventListener("click", closeDrawers);
  setInterval(drawClock, 1000);
}

// Whether borrowers there may be called at this hour.
export function isNight(there) {
  const hour = Number(new Date(now()).toLocaleString("en-US", { hour: "numeric", hourCycle: "h23", timeZone: there }));
  return hour < 8 || hour >= 20;
}
