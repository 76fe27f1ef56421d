// Your own phone, locked: exactly the words that a push shows, the newest first.

import { isStale } from "./control.js";
import { ago } from "./dates.js";
import { $, go, names, now, place, remember, remembered, titleOf, when, world } from "./state.js";
import { pushesOf } from "./sidebar.js";
import { mrkdwn, node } from "./text.js";

const SHOWN = 12;
const clearedBy = () => remembered("cleared")[place.me] ?? "";

function push(one) {
  const bell = node("img");
  bell.src = "/page/bell.svg";
  bell.alt = "";
  const made = node("button", "push", bell, node("b", "", "Acme Mortgage"), node("time", "", ago(one.at)),
    node("span", "where", `${names.person(one.user)}${one.in.startsWith("D") ? "" : ` in ${titleOf(one.in).replace("# ", "#")}`}`),
    node("span", "words", mrkdwn(one.push ?? "", names).textContent));
  made.type = "button";
  made.addEventListener("click", () => {
    document.dispatchEvent(new CustomEvent("done", { detail: { path: "push" } }));
    go({ in: one.in, thread: one.thread_ts && one.thread_ts !== one.ts ? one.thread_ts : "" });
  });
  return node("li", "", made);
}

export function drawLockScreen() {
  const root = $("lock-screen");
  const time = when(now(), { hour: "numeric", minute: "2-digit" }).replace(/ [AP]M/, "");
  const pushes = world.places.flatMap(pushesOf).filter((one) => one.ts > clearedBy()).sort((a, b) => (a.ts < b.ts ? 1 : -1)).slice(0, SHOWN);
  if (!isStale(root, place.me, time, pushes)) return;
  const focused = root.contains(document.activeElement);
  const list = node("ol", "", ...pushes.map(push));
  list.setAttribute("aria-label", "Notifications");
  const clear = node("button", "clear", "Clear");
  clear.type = "button";
  clear.addEventListener("click", () => {
    remember("cleared", { ...remembered("cleared"), [place.me]: pushes[0].ts });
    drawLockScreen();
  });
  const screen = node("div", "handset locked", node("p", "time", time), node("p", "date", when(now(), { weekday: "long", month: "long", day: "numeric" })),
    ...(pushes.length ? [list, clear] : [node("p", "quiet", "Quiet. What Leadbell sends lights up here.")]));
  root.replaceChildren(screen, node("p", "caption", `${names.person(place.me)}'s phone shows exactly this, even locked: never a borrower's full name or number.`));
  if (focused) root.querySelector("button")?.focus({ preventScroll: true });
}
