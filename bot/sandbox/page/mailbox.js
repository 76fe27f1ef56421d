// Every email that left Leadbell, the newest first, as a plain mail program shows it, with a field to answer each as the borrower would.

import { ask, isStale, keepDrawn, say } from "./control.js";
import { reconcile } from "./list.js";
import { $ } from "./state.js";
import { link, node } from "./text.js";

const answerable = (email) => email.headers.some(([name]) => name === "Reply-To");

function answering(email) {
  const words = node("textarea");
  words.rows = 2;
  words.placeholder = "Answer as the borrower";
  words.setAttribute("aria-label", `Answer to ${email.to.join(", ")}`);
  const form = node("form", "answering", words, node("button", "go", "Answer"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = words.value.trim();
    if (!said) return words.focus();
    const sent = await ask("answer-email", { message_id: email.message_id, words: said });
    if (!sent.ok) return;
    form.reset();
    say("Sent. It stands in the lead's thread in a few seconds.");
  });
  return form;
}

function letter(email) {
  const head = [`From ${email.from}`, `To ${email.to.join(", ")}`, new Date(email.at).toLocaleString()];
  const made = node("article", "letter", node("h2", "", email.subject), ...head.map((line) => node("p", "head", line)), node("pre", "", email.words));
  if (email.unsubscribe) made.append(node("p", "head", link(email.unsubscribe, "Unsubscribe")));
  if (answerable(email)) made.append(answering(email));
  return made;
}

async function redraw() {
  const { emails } = await ask("emails");
  if (!isStale($("emails"), emails.length)) return;
  const none = { key: "none", state: "", draw: () => node("p", "", "No email has left yet. Claim a lead, press Text, then Email instead.") };
  reconcile($("emails"), emails.length ? emails.map((email, at) => ({ key: String(at), state: email, draw: () => letter(email) })).toReversed() : [none]);
}

keepDrawn(redraw, (isLost) => { $("lost").hidden = !isLost; })();
