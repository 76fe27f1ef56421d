// Every email that left Leadbell, the newest first, as a plain mail program shows it.

import { ask, isStale, keepDrawn } from "./control.js";
import { $ } from "./state.js";
import { link, node } from "./text.js";

function letter(email) {
  const head = [`From ${email.from}`, `To ${email.to.join(", ")}`, new Date(email.at).toLocaleString()];
  const made = node("article", "letter", node("h2", "", email.subject), ...head.map((line) => node("p", "head", line)), node("pre", "", email.words));
  if (email.unsubscribe) made.append(node("p", "head", link(email.unsubscribe, "Unsubscribe")));
  return made;
}

async function redraw() {
  const { emails } = await ask("emails");
  if (!isStale($("emails"), emails.length)) return;
  $("emails").replaceChildren(...(emails.length ? emails.toReversed().map(letter) : [node("p", "", "No email has left yet. Claim a lead, press Text, then Email instead.")]));
}

keepDrawn(redraw, (isLost) => { $("lost").hidden = !isLost; })();
