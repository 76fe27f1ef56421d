// A borrower's phone on a page of its own.

import { makeBorrower } from "./borrower.js";
import { drawCalls } from "./calls.js";
import { ask, keepDrawn } from "./control.js";
import { $ } from "./state.js";

const draw = makeBorrower($("borrower"), {
  chosen: () => new URLSearchParams(location.hash.slice(1)).get("number") ?? "",
  pick: (number) => { location.hash = new URLSearchParams({ number }); },
  pictures: true,
});

async function redraw() {
  const [told, { borrowers }, { calls }] = await Promise.all([ask("texts"), ask("state"), ask("calls")]);
  draw({ ...told, borrowers });
  drawCalls($("calls"), calls);
}

addEventListener("hashchange", keepDrawn(redraw, (isLost) => { $("lost").hidden = !isLost; }));
