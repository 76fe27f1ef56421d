// The steps of the tour. Each notices by itself when it is done: by what was done on the page, or by what is there to see.

import { INVENTED } from "./invented.js";
import { send } from "./newlead.js";
import { showPhone } from "./phones.js";
import { asNumber } from "./numbers.js";
import { HOME_ZONE, isNight } from "./stage.js";
import { ask } from "./control.js";
import { dmOf, go, place, world } from "./state.js";

const DANA = INVENTED[0];
const dana = () => world.borrowers.find((one) => one.name === "Dana Rowe");

async function ringDana() {
  if (isNight(HOME_ZONE)) await ask("clock", { next: "08:00", zone: HOME_ZONE });
  await send(DANA.lead());
}

const claims = (path, body) => path === "interact" && body.action.action_id === "claim";

// { title, words, offer?: [label, act], did?(path, body): by an act, how many steps it takes; sees?(texts, since): by a look }
export const STEPS = [
  {
    title: "A borrower raises a hand",
    words: "Dana fills in a form on your website. Send her lead through the real webhook.",
    offer: ["Send Dana's lead", ringDana],
    did: (path) => path === "lead",
  },
  {
    title: "It rings in seconds",
    words: "That is the exact push on a locked phone. It says what matters, and no full name or number. Press it.",
    offer: ["Show my phone", () => showPhone({ open: true, which: "lock-screen" })],
    did: (path, body) => (claims(path, body) ? 2 : path === "push"),
  },
  {
    title: "First press wins",
    words: "Press Claim on Dana's card. Only a licensed officer can, and only one of them gets it.",
    offer: ["Show # leads", () => go({ in: "C0LEADS", thread: "" })],
    did: claims,
  },
  {
    title: "She is yours",
    words: "Leadbell told you alone: her full name, her number, until when a call is legal, and an opening line.",
    offer: ["Open the message", () => go({ in: dmOf(place.me), thread: "" })],
    sees: () => place.in.startsWith("D"),
  },
  {
    title: "Dana writes back",
    words: "Be Dana for a moment: pick up her phone and text “Can you call after 3?”",
    offer: ["Pick up Dana's phone", () => showPhone({ open: true, which: "borrower", number: asNumber(dana()?.phone ?? "") })],
    did: (path) => path === "sms",
  },
  {
    title: "Answer her text",
    words: "Her words are in the lead's thread, and Leadbell told you. Press Text under its message and answer; her phone shows it.",
    offer: ["Open the message", () => go({ in: dmOf(place.me), thread: "" })],
    sees: (texts, since) => texts.some((text) => text.direction === "outbound-api" && text.at > since),
  },
  {
    title: "And if nobody picks up?",
    words: "Leave the next lead alone and skip 30 minutes. Then look as Tess or Sam: Leadbell has told who leads.",
    offer: ["Skip 30 minutes", () => ask("clock", { advance_s: 1800 })],
    did: (path) => path === "clock",
  },
];
