// Where people write: a channel's composer and a thread's, with commands and names completed while typing.

import { ask } from "./control.js";
import { toEnd } from "./messages.js";
import { $, names, place, titleOf, world } from "./state.js";
import { escape, node } from "./text.js";

function withMentions(text) {
  return escape(text).replace(/@(\w+)/g, (all, name) => {
    const person = world.users.find((user) => user.name === name.toLowerCase());
    return person ? `<@${person.id}>` : all;
  });
}

export function asUpload(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve({ name: file.name, data: reader.result.split(",")[1] ?? "" }));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

async function send(box, attach, thread_ts) {
  const text = box.value.trim();
  const files = await Promise.all([...attach.files].map(asUpload));
  if (!text && !files.length) return;
  const [, command, rest] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const where = { user: place.me, channel: place.in };
  box.readOnly = true;
  const sent = command && !thread_ts
    ? await ask("command", { ...where, command, text: rest })
    : await ask("message", { ...where, text: withMentions(text), files, ...(thread_ts && { thread_ts }) });
  box.readOnly = false;
  if (!sent.ok) return;
  box.value = attach.value = "";
  attach.dispatchEvent(new Event("change"));
  box.dispatchEvent(new Event("input"));
  toEnd(thread_ts ? $("replies") : $("messages"));
}

// What could be meant by the words before the caret: [{ insert, label, hint }], and where the word begins.
function offersFor(box, inThread) {
  const before = box.value.slice(0, box.selectionStart);
  if (!inThread && /^\/\S*$/.test(before)) {
    const found = world.app.commands.filter((one) => one.command.startsWith(before.toLowerCase()));
    return { from: 0, offers: found.map((one) => ({ insert: one.command, label: one.command, usage: one.usage_hint, hint: one.description })) };
  }
  const [, typed] = /(?:^|\s)@(\w*)$/.exec(before) ?? [];
  if (typed === undefined) return { from: 0, offers: [] };
  const found = world.users.filter((user) => user.name.startsWith(typed.toLowerCase()) || user.real_name.toLowerCase().startsWith(typed.toLowerCase()));
  return { from: before.length - typed.length - 1, offers: found.map((user) => ({ insert: "@" + user.name, label: "@" + user.name, hint: names.person(user.id) })) };
}

function drawOffers(list, offers, at, pick) {
  list.hidden = offers.length === 0;
  list.replaceChildren(...offers.map((offer, index) => {
    const made = node("li", "", node("b", "", offer.label), ...(offer.usage ? [node("span", "usage", " " + offer.usage)] : []), node("span", "hint", offer.hint));
    made.id = `${list.id}-${index}`;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", String(index === at));
    made.addEventListener("pointerdown", (event) => { event.preventDefault(); pick(index); });
    return made;
  }));
}

function complete(box, list, inThread) {
  let found = { from: 0, offers: [] };
  let at = 0;
  const pick = (index) => {
    box.setRangeText(found.offers[index].insert + " ", found.from, box.selectionStart, "end");
    box.dispatchEvent(new Event("input"));
  };
  const show = () => {
    drawOffers(list, found.offers, at, pick);
    if (found.offers.length) box.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    else box.removeAttribute("aria-activedescendant");
  };
  const look = (offers) => {
    found = offers;
    at = 0;
    show();
  };
  box.addEventListener("input", () => look(offersFor(box, inThread)));
  box.addEventListener("blur", () => look({ from: 0, offers: [] }));
  // Whether the key was for the offers.
  return (key) => {
    const count = found.offers.length;
    if (!count) return false;
    if (key === "ArrowDown" || key === "ArrowUp") {
      at = (at + (key === "ArrowDown" ? 1 : count - 1)) % count;
      show();
      return true;
    }
    if (key === "Escape") {
      look({ from: 0, offers: [] });
      return true;
    }
    const isWhole = box.value.slice(found.from, box.selectionStart) === found.offers[at].insert;
    if (key !== "Tab" && (key !== "Enter" || isWhole)) return false;
    pick(at);
    return true;
  };
}

export function makeComposer(form, label, thread) {
  const box = node("textarea");
  const list = node("ul", "offers");
  list.id = `${form.id}-offers`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  box.id = `${form.id}-text`;
  box.rows = 1;
  for (const [name, value] of [["aria-label", label], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-haspopup", "listbox"]]) box.setAttribute(name, value);
  const button = node("button", "send", "Send");
  const attach = node("input", "unseen");
  attach.type = "file";
  attach.multiple = true;
  const many = node("span", "", "+");
  const attaching = node("label", "attach", node("span", "unseen", "Attach files"), many, attach);
  attaching.title = "Attach files";
  attach.addEventListener("change", () => { many.textContent = attach.files.length || "+"; });
  form.append(list, attaching, box, button);
  form.classList.add("composer");
  const used = complete(box, list, Boolean(thread()) || form.id === "reply");
  form.addEventListener("submit", (event) => { event.preventDefault(); send(box, attach, thread()); });
  box.addEventListener("input", () => button.classList.toggle("ready", box.value.trim() !== ""));
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (used(event.key)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); form.requestSubmit(); }
    else return;
    event.stopPropagation();
  });
  return () => { box.placeholder = form.id === "reply" ? "Reply…" : `Message ${titleOf(place.in).replace("# ", "#")}`; };
}
