// A borrower's phone: pick up any number, read its texts, write back.

import { ask, isStale, keepDrawn, say } from "./control.js";
import { link, node } from "./text.js";

const $ = (id) => document.getElementById(id);
const chosen = () => new URLSearchParams(location.hash.slice(1)).get("number") ?? "";

// As the network writes it; empty when it is none.
function asNumber(typed) {
  const digits = typed.replace(/\D/g, "");
  if (digits.length === 10) return "+1" + digits;
  return digits.length > 10 ? "+" + digits : "";
}

function pretty(number) {
  const [, area, exchange, line] = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number) ?? [];
  return area ? `(${area}) ${exchange}-${line}` : number;
}

function pick(number) {
  location.hash = new URLSearchParams({ number });
}

function drawPhones(texts) {
  const numbers = [...new Set(texts.map((text) => text.borrower).reverse())];
  if (chosen() && !numbers.includes(chosen())) numbers.unshift(chosen());
  if (!isStale($("phones"), numbers, chosen())) return;
  $("phones").replaceChildren(...numbers.map((number) => {
    const made = node("button", "", pretty(number));
    if (number === chosen()) made.setAttribute("aria-current", "page");
    made.addEventListener("click", () => pick(number));
    return made;
  }));
}

function drawText(text) {
  const mine = text.direction === "inbound";
  const at = new Date(text.at).toLocaleString("en-US", { dateStyle: "medium", timeStyle: "short" });
  const status = mine ? "" : ` · ${text.status}${text.error_code ? ` (${text.error_code})` : ""}`;
  const made = node("li", mine ? "mine" : "");
  made.append(node("div", "about", node("span", "author", mine ? "You" : pretty(text.from)), ` ${at}${status}`));
  if (text.body) made.append(node("span", "text", text.body));
  for (const one of text.media) made.append(node("div", "hint", one.url ? link(one.url, "picture") : `[picture: ${one.content_type}, ${Math.ceil(one.size / 1000)} kB]`));
  return made;
}

function drawTexts(texts) {
  const list = $("texts");
  const shown = texts.filter((text) => text.borrower === chosen());
  if (!isStale(list, chosen(), shown)) return;
  const hint = chosen() ? "No texts yet." : "Type a borrower's number, or choose one that has texts.";
  list.replaceChildren(...(shown.length ? shown.map(drawText) : [node("li", "hint", hint)]));
  list.scrollTop = list.scrollHeight;
}

function drawComposer(texts, numbers) {
  $("composer").hidden = !chosen();
  $("to-label").hidden = numbers.length < 2;
  const last = texts.findLast((text) => text.borrower === chosen());
  const known = last && (last.direction === "inbound" ? last.to : last.from);
  if (isStale($("to"), numbers, known, chosen())) $("to").replaceChildren(...numbers.map((number) => new Option(pretty(number), number, false, number === known)));
}

async function redraw() {
  const { texts, numbers } = await ask("texts");
  $("title").textContent = chosen() ? pretty(chosen()) : "A borrower's phone";
  drawPhones(texts);
  drawTexts(texts);
  drawComposer(texts, numbers);
}

function read(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve({ content_type: file.type || "application/octet-stream", data: reader.result.split(",")[1] }));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

async function send() {
  const body = $("text").value.trim();
  const media = await Promise.all([...$("pictures").files].map(read));
  if (!body && !media.length) return;
  const sent = await ask("sms", { from: chosen(), to: $("to").value, body, media });
  if (!sent.ok) return;
  $("composer").reset();
  if (sent.answered === 0) say("Sent, but Leadbell did not answer.");
  else if (sent.answered >= 300) say(`Sent, but Leadbell refused it (${sent.answered}).`);
}

$("choose").addEventListener("submit", (event) => {
  event.preventDefault();
  const number = asNumber($("number").value);
  if (number) pick(number);
  else say("A number has ten digits, such as (512) 555-0123.");
});
$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  try {
    await send();
  } catch (error) {
    say(error instanceof TypeError ? "The sandbox does not answer. Is it running?" : error.message);
  } finally {
    button.disabled = false;
  }
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); $("composer").requestSubmit(); }
});
const refresh = keepDrawn(redraw);
addEventListener("hashchange", refresh);
