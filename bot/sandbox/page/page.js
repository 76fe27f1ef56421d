// The sandbox's plain page: be one of the people, read, press, write, skip the clock.

import { drawBlocks } from "./blocks.js";
import { ask, isStale, keepDrawn } from "./control.js";
import { drawModal } from "./modal.js";
import { escape, mrkdwn, node } from "./text.js";

const SHOWN = 300;
const $ = (id) => document.getElementById(id);
const place = { me: "U0MAYA", in: "C0LEADS", thread: "" };
const seen = {};
let world = { users: [], channels: [] };

const names = {
  person: (id) => world.users.find((user) => user.id === id)?.real_name ?? (id === "USLACKBOT" ? "Slackbot" : id),
  channel: (id) => world.channels.find((channel) => channel.id === id)?.name ?? id,
};
const dmOf = (user) => "D" + user.slice(1);

function contextFor(where) {
  return {
    names,
    people: world.users.filter((user) => !user.is_bot),
    channels: world.channels.filter((channel) => !channel.is_im),
    act: async (action, values) => ask("interact", { user: place.me, action, values, ...where }),
    suggest: async (element, value) => {
      const found = await ask("suggest", { user: place.me, value, action: { action_id: element.action_id }, ...where });
      return [...(found.options ?? []), ...(found.option_groups ?? []).flatMap((group) => group.options)];
    },
  };
}

function when(moment, style) {
  const zone = world.users.find((user) => user.id === place.me)?.tz;
  return new Date(moment).toLocaleString("en-US", { ...style, timeZone: zone });
}

function drawMessage(message, inThread) {
  const made = node("li");
  const about = node("div", "about", node("span", "author", names.person(message.user)), message.bot_id ? " APP " : " ", when(Number(message.ts) * 1000, { timeStyle: "short" }));
  if (message.edited) about.append(" (edited)");
  made.append(about);
  if (message.ephemeral_to) {
    made.classList.add("private");
    about.append(" · Only visible to you");
  }
  if (message.blocks?.length) made.append(...drawBlocks(message.blocks, contextFor({ channel: message.channel, messageTs: message.ts })));
  else if (message.text) made.append(mrkdwn(message.text, names));
  for (const file of message.files ?? []) made.append(fileLink(file));
  if (message.reactions) made.append(node("div", "hint", message.reactions.map((one) => `:${one.name}: ${one.count}`).join(" ")));
  if (!inThread && !message.ephemeral_to) {
    const open = node("button", "link", message.reply_count ? `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}` : "Reply");
    open.addEventListener("click", () => go({ thread: message.thread_ts ?? message.ts }));
    made.append(open);
  }
  return made;
}

function fileLink(file) {
  const made = node("a", "", `📎 ${file.title}`);
  made.href = `/files/${file.id}`;
  made.download = file.name;
  return node("div", "", made);
}

// Redraws only what changed, so that an open menu or a half-made choice elsewhere stays.
function fill(list, messages, inThread) {
  const old = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const items = messages.map((message) => {
    const key = JSON.stringify([place.me, message]);
    const item = old.get(key) ?? drawMessage(message, inThread);
    item.dataset.key = key;
    return item;
  });
  if (items.length !== list.children.length || items.some((item, index) => item !== list.children[index])) list.replaceChildren(...items);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function drawMe() {
  if (!isStale($("me"), place.me, world.users)) return;
  $("me").replaceChildren(...world.users.filter((user) => !user.is_bot).map((user) =>
    new Option(`${user.real_name}, ${user.title.toLowerCase()}`, user.id, false, user.id === place.me)));
}

function drawHome(home) {
  const list = $("messages");
  if (list.children.length && !isStale(list, place.me, home?.hash)) return;
  list.replaceChildren(node("li", "", ...(home ? drawBlocks(home.blocks, contextFor({ view_id: home.id })) : ["Nothing here yet."])));
}

function drawPlaces(newest) {
  const mine = world.channels.filter((channel) => !channel.is_im && channel.members.includes(place.me));
  const entries = [...mine.map((channel) => [channel.id, "# " + channel.name]), [dmOf(place.me), "Leadbell"], ["home", "Leadbell Home"]];
  const unread = entries.map(([id]) => id).filter((id) => newest[id] > (seen[id] ?? "") && id !== place.in);
  if (!isStale($("places"), entries, unread, place.in)) return;
  $("places").replaceChildren(...entries.map(([id, label]) => {
    const made = node("button", unread.includes(id) ? "new" : "", label);
    if (id === place.in) made.setAttribute("aria-current", "page");
    made.addEventListener("click", () => go({ in: id, thread: "" }));
    return made;
  }));
  $("title").textContent = entries.find(([id]) => id === place.in)?.[1] ?? "";
}

function drawThread(messages) {
  const open = Boolean(place.thread) && place.in !== "home";
  document.body.classList.toggle("with-thread", open);
  $("thread").hidden = !open;
  if (open) fill($("replies"), messages.filter((one) => one.ts === place.thread || one.thread_ts === place.thread), true);
}

async function redraw() {
  const [state, views, clock, dms] = await Promise.all(
    ["state", `views/${place.me}`, "clock", `dms/${place.me}?limit=20`].map((path) => ask(path)));
  world = state;
  drawMe();
  $("now").textContent = when(clock.now, { dateStyle: "medium", timeStyle: "short" });
  const newest = { [dmOf(place.me)]: dms.messages.at(-1)?.ts ?? "" };
  if (place.in === "home") {
    drawHome(views.home);
  } else {
    const { messages } = await ask(`messages/${place.in}?limit=${SHOWN}`);
    const mine = messages.filter((one) => !one.ephemeral_to || one.ephemeral_to === place.me);
    seen[place.in] = mine.at(-1)?.ts ?? "";
    fill($("messages"), mine.filter((one) => !one.thread_ts || one.thread_ts === one.ts || one.subtype === "thread_broadcast"), false);
    drawThread(mine);
  }
  drawPlaces(newest);
  drawModal($("modal"), views, contextFor({ view_id: views.modal?.id }), (path, body) => ask(path, { user: place.me, ...body }));
}

function go(change) {
  Object.assign(place, change);
  location.hash = new URLSearchParams(place).toString();
}

async function readHash() {
  Object.assign(place, Object.fromEntries(new URLSearchParams(location.hash.slice(1))));
  if (place.in.startsWith("D")) place.in = dmOf(place.me);
  if (place.in === "home") await ask("open-home", { user: place.me });
  $("messages").replaceChildren();
  $("composer").hidden = place.in === "home";
  drawThread([]);
  await refresh();
  $("messages").scrollTop = $("messages").scrollHeight;
}

function withMentions(text) {
  return escape(text).replace(/@(\w+)/g, (all, name) => {
    const person = world.users.find((user) => user.name === name.toLowerCase());
    return person ? `<@${person.id}>` : all;
  });
}

async function send(box, thread_ts) {
  const text = box.value.trim();
  if (!text) return;
  const [, command, rest] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const where = { user: place.me, channel: place.in };
  const sent = command && !thread_ts
    ? await ask("command", { ...where, command, text: rest })
    : await ask("message", { ...where, text: withMentions(text), ...(thread_ts && { thread_ts }) });
  if (sent.ok) box.value = "";
}

for (const [form, box, thread] of [["composer", "text", () => ""], ["reply", "reply-text", () => place.thread]]) {
  $(form).addEventListener("submit", (event) => { event.preventDefault(); send($(box), thread()); });
  $(box).addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); $(form).requestSubmit(); }
  });
}
$("me").addEventListener("change", (event) => go({ me: event.target.value, thread: "" }));
$("skip").addEventListener("click", () => ask("clock", { advance_s: 300 }));
$("close-thread").addEventListener("click", () => go({ thread: "" }));
addEventListener("hashchange", readHash);
const refresh = keepDrawn(redraw);
readHash();
