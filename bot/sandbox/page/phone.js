// A borrower's phone on a page of its own.

import { makeBorrower } from "./borrower.js";
import { ask, keepDrawn } from "./control.js";
import { $ } from "./state.js";

const draw = makeBorrower($("borrower"), {
  chosen: () => new URLSearchParams(location.hash.slice(1)).get("number") ?? "",
  pick: (number) => { location.hash = new URLSearchParams({ number }); },
  pictures: true,
});

async function redraw() {
  const [told, { borrowers }] = await Promise.all([ask("texts"), ask("state")]);
  draw({ ...told, borrowers });
}

addEventListener("hashchange", keepDrawn(redraw, (isLost) => { $("lost").hidden = !isLost; }));
