// Phones that ring or are on a call, whosever they are: what is heard there, and hands to take them.

import { ask } from "./control.js";
import { reconcile } from "./list.js";
import { pretty } from "./numbers.js";
import { node } from "./text.js";

const RINGING = [["picks_up", "Answer"], ["declines", "Decline"], ["lets_it_ring", "Let it ring"]];
const OFFERED = /\b(?:press|marcar?) ([\d#])/gi;

function talking(call) {
  const offered = new Set(["1", ...[...call.heard.join(" ").matchAll(OFFERED)].map(([, key]) => key)]);
  return [...[...offered].map((key) => ["presses", `Press ${key}`, key]), ["hangs_up", "Hang up"]];
}

function drawCall(call) {
  const rings = call.status === "ringing" && call.direction !== "inbound";
  const hands = node("div", "hands", ...(rings ? RINGING : talking(call)).map(([does, label, digits]) => {
    const button = node("button", "", label);
    button.type = "button";
    button.dataset.act = does;
    button.addEventListener("click", () => ask("handset", { number: call.phone, does, digits }));
    return button;
  }));
  const heard = call.heard.map((words) => node("p", "", words));
  const title = `${pretty(call.phone)} ${rings ? "rings" : "is on a call"}`;
  return node("li", "call", node("strong", "", title), ...heard, hands);
}

// calls: what the network tells of all calls. Those that are over are gone.
export function drawCalls(list, calls) {
  const live = calls.filter((call) => !call.over && call.status !== "queued");
  list.hidden = !live.length;
  reconcile(list, live.map((call) => ({ key: call.sid, state: call, draw: () => drawCall(call) })));
}
