// A message as Slack shows it, and the conversation it stands in.

import { drawBlocks } from "./blocks.js";
import { ask } from "./control.js";
import { dayOf } from "./dates.js";
import { note, reconcile } from "./list.js";
import { $, go, momentOf, myself, names, place, when, world } from "./state.js";
import { mrkdwn, node } from "./text.js";

const NEAR_END = 90;
const TINTS = 8;

export const forMe = (message) => (!message.ephemeral_to || (message.ephemeral_to === place.me && message.ts > world.born));
export const inChannel = (message) => !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";

export function contextFor(where) {
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

export function avatar(user) {
  if (world.users.find((one) => one.id === user)?.is_bot) {
    const bell = node("img", "avatar");
    bell.src = "/page/bell.svg";
    bell.alt = "";
    return bell;
  }
  const initials = names.person(user).split(" ").map((word) => word[0]).join("").slice(0, 2);
  const made = node("span", "avatar", initials);
  made.dataset.tint = [...user].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % TINTS;
  made.setAttribute("aria-hidden", "true");
  return made;
}

function about(message) {
  const author = names.person(message.user);
  const made = node("div", "about", node("span", "author", author));
  if (message.bot_id) made.append(node("span", "app", "APP"));
  const time = node("time", "", when(momentOf(message.ts), { timeStyle: "short" }));
  time.title = when(momentOf(message.ts), { dateStyle: "full", timeStyle: "medium" });
  made.append(time);
  return made;
}

function words(message) {
  if (message.blocks?.length) return drawBlocks(message.blocks, contextFor({ channel: message.channel, messageTs: message.ts }));
  return message.text ? [mrkdwn(message.text, names)] : [];
}

function drawMessage(message, inThread) {
  const body = node("div", "body");
  if (message.ephemeral_to) body.append(node("div", "only-you", "Only visible to you"));
  body.append(about(message), ...words(message));
  if (message.edited && !message.blocks?.length) body.append(node("span", "edited", " (edited)"));
  for (const file of message.files ?? []) body.append(fileLink(file));
  if (message.reactions) body.append(node("div", "reactions", ...message.reactions.map((one) => node("span", "", `:${one.name}: ${one.count}`))));
  if (!inThread && !message.ephemeral_to) body.append(threadButton(message));
  const made = node("li", message.ephemeral_to ? "message private" : "message", avatar(message.user), body);
  made.dataset.ts = message.ts;
  return made;
}

function threadButton(message) {
  const count = message.reply_count ?? 0;
  const made = node("button", count ? "thread-bar" : "reply-here", count ? `${count} ${count === 1 ? "reply" : "replies"}` : "Reply");
  made.type = "button";
  made.dataset.act = "thread";
  if (count) made.append(node("span", "last", ` Last reply ${dayOf(momentOf(message.latest_reply)).toLowerCase()} at ${when(momentOf(message.latest_reply), { timeStyle: "short" })}`));
  else made.title = "Reply in thread";
  made.addEventListener("click", () => go({ thread: message.thread_ts ?? message.ts }));
  return made;
}

function fileLink(file) {
  const made = node("a", "", file.title);
  made.href = `/files/${file.id}`;
  made.download = file.name;
  return node("div", "file", made);
}

function divider(className, key, label) {
  return { key, state: label, draw: () => node("li", className, node("span", "", label)) };
}

// newFrom: the ts after which everything is new since the person looked last.
function lines(messages, inThread, newFrom) {
  const made = [];
  let day = "";
  let isNew = !newFrom;
  for (const message of messages) {
    const today = dayOf(momentOf(message.ts));
    if (!inThread && today !== day) made.push(divider("day", `day ${today}`, today));
    day = today;
    if (!isNew && message.ts > newFrom && message.user !== place.me) {
      isNew = true;
      made.push(divider("fresh", "fresh", "New"));
    }
    made.push({ key: message.ts, state: [place.me, myself()?.tz, message, message.latest_reply && dayOf(momentOf(message.latest_reply))], draw: () => drawMessage(message, inThread) });
    if (inThread && message.ts === place.thread && messages.length > 1) {
      made.push(divider("count", "count", `${messages.length - 1} ${messages.length === 2 ? "reply" : "replies"}`));
    }
  }
  return made;
}

const away = new WeakMap(); // whether somebody has scrolled up
const ends = new WeakMap(); // where we have scrolled to ourselves

// A list that stands at its end stays there, whatever grows in it or around it.
export function stickToEnd(list) {
  list.addEventListener("scroll", () => {
    const isAway = list.scrollHeight - list.scrollTop - list.clientHeight > NEAR_END;
    away.set(list, isAway && list.scrollTop !== ends.get(list));
  });
  new ResizeObserver(() => settle(list)).observe(list);
}

function settle(list) {
  if (!away.get(list)) toEnd(list);
}

export function toEnd(list) {
  away.set(list, false);
  list.scrollTop = list.scrollHeight;
  ends.set(list, list.scrollTop);
}

// What somebody reads further up stays where it is.
export function fill(list, messages, { inThread = false, newFrom = "", empty = "" }) {
  reconcile(list, messages.length ? lines(messages, inThread, newFrom) : [note("empty", "empty", empty)]);
  list.removeAttribute("aria-busy");
  settle(list);
}

export function fillHome(list, home) {
  const drawn = home && { key: "home", state: [place.me, home.hash], draw: () => node("li", "home", ...drawBlocks(home.blocks, contextFor({ view_id: home.id }))) };
  reconcile(list, [drawn ?? note("empty", "empty", "Leadbell has nothing here for you yet.")]);
  list.removeAttribute("aria-busy");
}

export function drawThread(messages) {
  const open = Boolean(place.thread) && place.in !== "home";
  document.body.classList.toggle("with-thread", open);
  $("thread").hidden = !open;
  if (open) fill($("replies"), messages.filter((one) => one.ts === place.thread || one.thread_ts === place.thread), { inThread: true, empty: "This message is gone." });
}
