// The sidebar: where one can go, what is new there, and what a screen reader is told of it.

import { isStale } from "./control.js";
import { closeDrawers } from "./stage.js";
import { $, dmOf, go, isMine, momentOf, names, place, remember, remembered, titleOf, world } from "./state.js";
import { mrkdwn, node } from "./text.js";

// Where each person has read to, by place.
const readBy = (me) => remembered(`read ${me}`);
const told = {};

export function readUpTo(id) {
  const newest = world.places.find((one) => one.id === id)?.messages.at(-1)?.ts ?? "";
  const read = readBy(place.me)[id] ?? "";
  return read > newest ? newest : read; // after a fresh start the old marks lie ahead of everything
}

export function markRead(id) {
  const newest = world.places.find((one) => one.id === id)?.messages.at(-1)?.ts;
  if (newest && readUpTo(id) !== newest) remember(`read ${place.me}`, { ...readBy(place.me), [id]: newest });
}

const isDm = (id) => id.startsWith("D");
export const mentionsMe = (message) => message.text?.includes(`<@${place.me}>`);
const topLevel = (message) => !message.thread_ts || message.thread_ts === message.ts;

function newIn(id) {
  const read = readUpTo(id);
  const fresh = (world.places.find((one) => one.id === id)?.messages ?? []).filter((one) => one.ts > read && one.user !== place.me && !one.ephemeral_to);
  const counted = fresh.filter((one) => isDm(id) || mentionsMe(one)).length;
  return { counted, unread: counted > 0 || fresh.some(topLevel) };
}

function sign(id) {
  const bell = node("img");
  bell.src = "/page/bell.svg";
  bell.alt = "";
  const made = node("span", "sign", isDm(id) ? bell : "#");
  made.setAttribute("aria-hidden", "true");
  return made;
}

function entry(id, { unread, counted }) {
  const name = isDm(id) ? "Leadbell" : names.channel(id);
  const made = node("button", unread ? "new" : "", sign(id), node("span", "name", name));
  made.type = "button";
  if (counted) made.append(node("span", "badge", String(counted)), node("span", "unseen", "new"));
  else if (unread) made.append(node("span", "unseen", "unread"));
  if (id === place.in || (isDm(id) && place.in === "home")) made.setAttribute("aria-current", "page");
  made.addEventListener("click", () => {
    closeDrawers();
    go({ in: id, thread: "" });
  });
  return made;
}

export function drawSidebar() {
  const channels = world.channels.filter((channel) => !channel.is_im && isMine(channel.id)).map((channel) => channel.id);
  const marks = Object.fromEntries([...channels, dmOf(place.me)].map((id) => [id, id === place.in ? { unread: false, counted: 0 } : newIn(id)]));
  const all = Object.values(marks);
  const count = all.reduce((sum, one) => sum + one.counted, 0);
  document.title = `${count ? `(${count}) ` : ""}${titleOf(place.in)}, Leadbell demo`;
  $("open-sidebar").classList.toggle("on", all.some((one) => one.unread));
  if (!isStale($("places"), marks, place, world.channels.map((one) => one.name))) return;
  const focused = $("places").contains(document.activeElement);
  $("places").replaceChildren(
    node("h2", "", "Channels"), ...channels.map((id) => entry(id, marks[id])),
    node("h2", "", "Apps"), entry(dmOf(place.me), marks[dmOf(place.me)]),
  );
  if (focused) $("places").querySelector("[aria-current]")?.focus();
}

// Says each new message once, politely, wherever it stands.
export function tellAloud() {
  for (const { id, messages } of world.places) {
    const newest = messages.at(-1);
    const before = told[`${place.me} ${id}`];
    told[`${place.me} ${id}`] = newest?.ts ?? "";
    if (before === undefined || !newest || newest.ts <= before || newest.user === place.me) continue;
    $("heard").textContent = `${names.person(newest.user)} in ${titleOf(id)}: ${mrkdwn(newest.text ?? "", names).textContent}`;
  }
}

export const pushesOf = ({ id, messages }) => messages
  .filter((one) => one.user !== place.me && !one.ephemeral_to && (isDm(id) || topLevel(one) || mentionsMe(one)))
  .map((one) => ({ ...one, in: id, at: momentOf(one.ts) }));
