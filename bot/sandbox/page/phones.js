// The panel with two phones: yours, locked, and a borrower's.

import { isStale } from "./control.js";
import { makeBorrower } from "./borrower.js";
import { drawLockScreen } from "./lockscreen.js";
import { $, names, place, remember, remembered, world } from "./state.js";
import { node } from "./text.js";

const WIDE = 1240;
const OVER = 900; // up to here the panel lies over the workspace
let drawBorrower;
let redraw;

const kept = () => ({ open: innerWidth > WIDE, which: "lock-screen", number: "", ...remembered("phones") });

export function showPhone(change) {
  remember("phones", { ...kept(), ...change });
  redraw();
}

function drawChoice(which) {
  const first = names.person(place.me).split(" ")[0];
  if (!isStale($("which-phone"), which, first)) return;
  const focused = $("which-phone").contains(document.activeElement);
  $("which-phone").replaceChildren(...[["lock-screen", `${first}'s phone`], ["borrower", "A borrower's"]].map(([id, label]) => {
    const made = node("button", "", label);
    made.type = "button";
    made.setAttribute("aria-pressed", String(id === which));
    made.addEventListener("click", () => showPhone({ which: id }));
    return made;
  }));
  if (focused) $("which-phone").querySelector('[aria-pressed="true"]').focus();
}

// texts: what the phone network has carried, as the sandbox tells it.
export function drawPhones({ texts, numbers }) {
  const { open, which } = kept();
  $("phones").hidden = !open;
  $("open-phones").setAttribute("aria-expanded", String(open));
  $("lock-screen").hidden = which !== "lock-screen";
  $("borrower").hidden = which !== "borrower";
  if (!open) return;
  drawChoice(which);
  if (which === "lock-screen") drawLockScreen();
  else drawBorrower({ texts, numbers, borrowers: world.borrowers });
}

export function makePhones(refresh) {
  redraw = refresh;
  drawBorrower = makeBorrower($("borrower"), { chosen: () => kept().number, pick: (number) => showPhone({ number }) });
  $("open-phones").addEventListener("click", () => showPhone({ open: !kept().open }));
  document.addEventListener("done", ({ detail }) => { if (detail.path === "push" && innerWidth <= OVER) showPhone({ open: false }); });
  $("close-phones").addEventListener("click", () => {
    showPhone({ open: false });
    $("open-phones").focus();
  });
}
