// A borrower's phone: pick up any number, read its texts with their delivery, write back.

import { ask, isStale, say } from "./control.js";
import { note, reconcile } from "./list.js";
import { asNumber, pretty } from "./numbers.js";
import { when } from "./state.js";
import { link, node } from "./text.js";

const BAD = ["failed", "undelivered"];

function labeled(words, className, control) {
  const label = node("label", "", words);
  control.id = `borrower-${words.toLowerCase().replace(" ", "-")}`;
  label.htmlFor = control.id;
  return node("div", className, label, control);
}

function drawMedia(one) {
  const about = `${one.content_type}, ${Math.ceil(one.size / 1000)} kB`;
  if (!one.url) return node("div", "", `[picture: ${about}]`);
  if (!one.kept_at) return node("div", "", "[on its way]");
  if (!/^image\/(jpeg|png|gif)$/.test(one.content_type)) return node("div", "", link(one.kept_at, about));
  const made = node("img", "media");
  made.src = one.kept_at;
  made.alt = `Picture: ${about}`;
  return made;
}

function drawText(text) {
  const mine = text.direction === "inbound";
  const status = mine ? "" : `${text.status}${text.error_code ? ` (${text.error_code})` : ""}`;
  const bubble = node("div", "bubble");
  if (text.body) bubble.append(node("span", "text", text.body));
  for (const one of text.media) bubble.append(drawMedia(one));
  const about = node("span", "about", node("span", "unseen", mine ? "You wrote. " : `${pretty(text.from)} wrote. `), when(text.at, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" }));
  if (status) about.append(" · ", node("span", BAD.includes(text.status) ? "bad" : "", status));
  return node("li", mine ? "mine" : "", bubble, about);
}

function read(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve({ content_type: file.type || "application/octet-stream", data: reader.result.split(",")[1] }));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

function parts(pictures) {
  const known = node("select");
  const number = node("input");
  number.type = "tel";
  number.autocomplete = "off";
  number.placeholder = "(512) 555-0123";
  const choose = node("form", "choose", labeled("Borrower", "part", known), labeled("Phone number", "part", number), node("button", "", "Pick up"));
  const who = node("div", "who-texts");
  const list = node("ol", "texts");
  list.tabIndex = 0;
  list.setAttribute("aria-label", "Texts");
  const to = node("select");
  const toLabel = labeled("To", "to", to);
  const words = node("textarea");
  words.rows = 1;
  words.placeholder = "Text message";
  words.setAttribute("aria-label", "Text");
  const calling = node("button", "calls-us", "Call");
  calling.type = "button";
  const files = node("input");
  files.type = "file";
  files.accept = "image/*";
  files.multiple = true;
  const texting = node("form", "texting", toLabel, ...(pictures ? [labeled("Pictures", "attach", files)] : []), words, node("button", "go", "Send"), calling);
  return { known, number, choose, who, list, to, toLabel, words, files, texting, calling };
}

// chosen() is the number that is picked up, pick(number) picks up another one. Returns what draws { texts, numbers, borrowers }.
export function makeBorrower(root, { chosen, pick, pictures = false }) {
  const at = parts(pictures);
  root.append(at.choose, node("div", "handset", at.who, at.list, at.texting));

  async function send() {
    const body = at.words.value.trim();
    const media = await Promise.all([...at.files.files].map(read));
    if (!body && !media.length) return;
    const sent = await ask("sms", { from: chosen(), to: at.to.value, body, media });
    if (!sent.ok) return;
    at.texting.reset();
    if (sent.answered === 0) say("Sent, but Leadbell did not answer.");
    else if (sent.answered >= 300) say(`Sent, but Leadbell refused it (${sent.answered}).`);
  }

  at.choose.addEventListener("submit", (event) => {
    event.preventDefault();
    const number = asNumber(at.number.value);
    if (!number) return say("A number has ten digits, such as (512) 555-0123.");
    at.number.value = "";
    pick(number);
  });
  at.calling.addEventListener("click", () => ask("call", { from: chosen(), to: at.to.value }));
  at.known.addEventListener("change", () => pick(at.known.value));
  at.texting.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = at.texting.querySelector("button");
    button.disabled = true;
    try {
      await send();
    } finally {
      button.disabled = false;
      at.words.focus();
    }
  });
  at.words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); at.texting.requestSubmit(); }
  });
  return (told) => draw(at, chosen(), told);
}

function draw(at, chosen, { texts, numbers, borrowers }) {
  const named = new Map(borrowers.map((one) => [asNumber(one.phone), one.name]).reverse());
  const everybody = [...new Set([...(chosen ? [chosen] : []), ...texts.map((text) => text.borrower).reverse(), ...[...named.keys()].reverse()])];
  if (isStale(at.known, everybody, chosen, [...named])) {
    const options = everybody.map((number) => new Option(named.get(number) ? `${named.get(number)}, ${pretty(number)}` : pretty(number), number, false, number === chosen));
    at.known.replaceChildren(...(chosen ? [] : [new Option("Choose", "")]), ...options);
  }
  if (isStale(at.who, chosen, named.get(chosen))) at.who.replaceChildren(named.get(chosen) ?? (pretty(chosen) || "A borrower's phone"), ...(named.get(chosen) ? [node("small", "", pretty(chosen))] : []));
  const shown = texts.filter((text) => text.borrower === chosen);
  const hint = chosen ? "No texts yet. Write one, as the borrower would." : "Choose a borrower, or type a number.";
  const atEnd = at.list.scrollHeight - at.list.scrollTop - at.list.clientHeight < 60;
  reconcile(at.list, shown.length ? shown.map((text) => ({ key: text.sid, state: text, draw: () => drawText(text) })) : [note("none", "quiet", hint)]);
  if (atEnd) at.list.scrollTop = at.list.scrollHeight;
  at.texting.hidden = !chosen;
  at.toLabel.hidden = numbers.length < 2;
  const last = shown.at(-1);
  const ours = last && (last.direction === "inbound" ? last.to : last.from);
  if (isStale(at.to, numbers, ours, chosen)) at.to.replaceChildren(...numbers.map((number) => new Option(pretty(number), number, false, number === ours)));
}
