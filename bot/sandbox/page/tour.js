// The tour in the margin: from the first ring to the first answered text. It can be closed, and comes back where it was.

import { isStale } from "./control.js";
import { STEPS } from "./steps.js";
import { $, now, remember, remembered } from "./state.js";
import { node } from "./text.js";

let latest = [];
const kept = () => ({ step: 0, open: true, small: innerWidth <= 760, since: "", ...remembered("tour") });

function change(to) {
  remember("tour", { ...kept(), ...to });
  drawTour(latest);
}

const next = (steps = 1) => change({ step: kept().step + steps, since: new Date(now()).toISOString() });

function button(label, className, act) {
  const made = node("button", className, label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function body(step) {
  if (step >= STEPS.length) {
    return [node("h2", "", "That was the tour"), node("p", "", "From the first ring to an answered text, and what happens when nobody picks up. The rest is yours to try."),
      node("div", "buttons", button("Once more", "", () => change({ step: 0 })), button("Close", "gold", () => change({ open: false })))];
  }
  const { title, words, offer } = STEPS[step];
  return [node("h2", "", title), node("p", "", words),
    node("div", "buttons", ...(offer ? [button(offer[0], "gold", offer[1])] : []), button("Next", "", () => next()))];
}

function drawTour(texts) {
  latest = texts;
  const { step, open, small, since } = kept();
  $("tour").hidden = !open;
  $("open-tour").classList.toggle("on", open);
  if (open && STEPS[step]?.sees?.(texts, since)) return next();
  if (!open || !isStale($("tour"), step, small)) return;
  const focused = $("tour").contains(document.activeElement);
  const done = Math.min(step, STEPS.length);
  const bar = node("progress");
  bar.max = STEPS.length;
  bar.value = done;
  bar.setAttribute("aria-label", "Steps done");
  const shrink = button(small ? "More" : "Less", "plain shrink", () => change({ small: !small }));
  const top = node("div", "top", node("span", "", `Tour, ${Math.min(done + 1, STEPS.length)} of ${STEPS.length}`), shrink, button("×", "plain", () => { change({ open: false }); $("open-tour").focus(); }));
  top.lastChild.setAttribute("aria-label", "Close tour");
  const said = node("div", small ? "said small" : "said", ...body(step));
  said.setAttribute("role", "status");
  $("tour").replaceChildren(top, bar, said);
  if (focused) $("tour").querySelector(".buttons button")?.focus();
}

function makeTour() {
  $("open-tour").addEventListener("click", () => change({ open: !kept().open }));
  document.addEventListener("done", ({ detail: { path, body: sent } }) => {
    const { step, open } = kept();
    const steps = open && Number(STEPS[step]?.did?.(path, sent));
    if (steps) next(steps);
  });
}

export { drawTour, makeTour };
