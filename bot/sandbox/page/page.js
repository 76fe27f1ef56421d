// The demo's page: reads where it is, asks what is there, and has every part draw itself.

import { ask, isStale, keepDrawn } from "./control.js";
import { makeComposer } from "./composer.js";
import { contextFor, drawThread, fill, fillHome, forMe, inChannel, stickToEnd, toEnd } from "./messages.js";
import { drawModal } from "./modal.js";
import { makeNewLead } from "./newlead.js";
import { drawCalls } from "./calls.js";
import { drawPhones, makePhones } from "./phones.js";
import { drawSidebar, markRead, readUpTo, tellAloud } from "./sidebar.js";
import { closeDrawers, drawClock, drawFaults, drawMe, makeStage } from "./stage.js";
import { $, dmOf, go, isMine, place, titleOf, world } from "./state.js";
import { node } from "./text.js";
import { drawTour, makeTour } from "./tour.js";

const SHOWN = 300;
let newFrom = "";
let arriving = true;

const isApp = () => place.in === "home" || place.in.startsWith("D");

function drawHead() {
  $("title").textContent = titleOf(place.in);
  $("composer").hidden = place.in === "home";
  const tabs = isApp() && world.app.home ? [["home", "Home"], [dmOf(place.me), "Messages"]] : [];
  if (!isStale($("tabs"), tabs, place.in)) return;
  $("tabs").replaceChildren(...tabs.map(([id, label]) => {
    const made = node("button", "", label);
    made.type = "button";
    if (id === place.in) made.setAttribute("aria-current", "page");
    made.addEventListener("click", () => go({ in: id, thread: "" }));
    return made;
  }));
}

// A person who is not in the channel, or a channel that is gone: on to the first one that is theirs.
function standSomewhere() {
  if (place.in.startsWith("D")) place.in = dmOf(place.me);
  if (!world.users.some((user) => user.id === place.me)) place.me = "U0MAYA";
  if (!isMine(place.in)) Object.assign(place, { in: world.channels.find((one) => isMine(one.id)).id, thread: "" });
}

async function drawPlace(home) {
  if (place.in === "home") {
    fillHome($("messages"), home);
    drawThread([]);
    return true;
  }
  const where = place.in;
  const { messages } = await ask(`messages/${where}?limit=${SHOWN}`);
  if (where !== place.in) return false; // somebody has gone on
  const mine = messages.filter(forMe);
  const empty = where.startsWith("D") ? "Here Leadbell talks to you alone: rings, reminders, and the numbers of your borrowers." : "Nothing here yet. The first lead rings soon; New lead sends one now.";
  fill($("messages"), mine.filter(inChannel), { newFrom, empty });
  drawThread(mine);
  return true;
}

async function redraw() {
  const { me } = place;
  const [state, inbox, views, clock, texts, { calls }] = await Promise.all([ask("state"), ask(`inbox/${place.me}`), ask(`views/${place.me}`), ask("clock"), ask("texts"), ask("calls")]);
  if (me !== place.me) return; // somebody else has sat down; this is for them no more
  Object.assign(world, { users: state.users, channels: state.channels, borrowers: state.borrowers, switched: state.switched, places: inbox.places, offset: clock.offset_s });
  world.born ||= String(new Date(clock.now).getTime() / 1000);
  standSomewhere();
  if (arriving) newFrom = readUpTo(place.in);
  drawMe();
  drawClock();
  drawFaults();
  drawHead();
  composers.forEach((name) => name());
  if (!(await drawPlace(views.home))) return;
  if (arriving) arrive();
  tellAloud();
  markRead(place.in);
  drawSidebar();
  drawPhones(texts);
  drawCalls($("calls"), calls);
  drawTour(texts.texts);
  drawModal($("modal"), views, contextFor({ view_id: views.modal?.id }), (path, body, quietly) => ask(path, { user: place.me, ...body }, quietly));
}

// The first look at a place: at its end, or where something is new.
function arrive() {
  arriving = false;
  const fresh = $("messages").querySelector(".fresh");
  if (fresh) fresh.scrollIntoView({ block: "center" });
  else toEnd($("messages"));
}

async function readHash() {
  const before = { ...place };
  Object.assign(place, Object.fromEntries(new URLSearchParams(location.hash.slice(1))));
  const moved = before.in !== place.in || before.me !== place.me;
  arriving ||= moved;
  if (moved) $("messages").setAttribute("aria-busy", "true");
  if (moved && place.in === "home") await ask("open-home", { user: place.me });
  if (moved) closeDrawers();
  const opened = place.thread && place.thread !== before.thread;
  await refresh();
  if (opened) {
    toEnd($("replies"));
    $("reply-text").focus();
  }
}

function closeThread() {
  const from = place.thread;
  go({ thread: "" });
  $("thread").hidden = true;
  document.body.classList.remove("with-thread");
  $("messages").querySelector(`[data-ts="${CSS.escape(from)}"] [data-act="thread"]`)?.focus();
}

const composers = [makeComposer($("composer"), "Message", () => ""), makeComposer($("reply"), "Reply", () => place.thread)];
[$("messages"), $("replies")].forEach(stickToEnd);
makeStage();
makeNewLead();
$("close-thread").addEventListener("click", closeThread);
document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); $("messages").focus(); });
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], :popover-open")) return;
  if (document.querySelector("#sidebar.open, #stage.open")) closeDrawers();
  else if ($("thread").contains(document.activeElement)) closeThread();
});
addEventListener("hashchange", readHash);
const refresh = keepDrawn(redraw, (isLost) => { $("lost").hidden = !isLost; });
makePhones(refresh);
makeTour();
world.app = await ask("app");
readHash();
