// A new lead, through the door that a real website uses.

import { ask, say } from "./control.js";
import { INVENTED } from "./invented.js";
import { isNight } from "./stage.js";
import { $, go } from "./state.js";
import { node } from "./text.js";

const FIELDS = [
  ["first_name", "First name", { required: true }],
  ["last_name", "Last name", {}],
  ["phone", "Phone", { type: "tel", placeholder: "(512) 555-0123" }],
  ["email", "Email", { type: "email", placeholder: "dana@example.com" }],
  ["loan_purpose", "Purpose", { options: ["purchase", "refinance", "cash out", "home equity"] }],
  ["loan_amount", "Loan amount", { placeholder: "$310k" }],
  ["property_city", "City", { placeholder: "Austin" }],
  ["property_state", "State", { placeholder: "TX", maxLength: 20 }],
  ["property_zip", "ZIP code", { placeholder: "78704" }],
  ["credit", "Credit", { placeholder: "740+" }],
  ["timeline", "Timeline", { placeholder: "this month" }],
  ["best_time", "Best time to call", { placeholder: "now" }],
];

export async function send(lead) {
  const sent = await ask("lead", { lead });
  if (!sent.ok) return;
  if (sent.answered >= 300) {
    say(sent.answer?.errors?.[0]?.message ?? `Leadbell refused it (${sent.answered}).`);
    return;
  }
  $("new-lead").close();
  go({ in: "C0LEADS", thread: "" });
  say(sent.answer.duplicate ? `That is #${sent.answer.lead} again: the same request makes no second lead.` : `#${sent.answer.lead} came in through the website's door, and rings.`);
}

function control(name, { options, ...more }) {
  const made = options ? node("select", "", ...options.map((option) => new Option(option))) : node("input");
  Object.assign(made, more, { name, id: `lead-${name}` });
  return made;
}

function labeled([name, label, more]) {
  const words = node("label", "label", label);
  words.htmlFor = `lead-${name}`;
  return node("div", "", words, control(name, more));
}

function invented({ title, hint, night, lead }) {
  const made = node("button", "", node("b", "", title), node("small", "", hint));
  made.type = "button";
  made.addEventListener("click", async () => {
    made.disabled = true;
    if (night && !isNight(night.zone)) await ask("clock", night);
    await send(lead());
    made.disabled = false;
  });
  return made;
}

export function makeNewLead() {
  const title = node("h2", "", "New lead");
  title.id = "new-lead-title";
  const cross = node("button", "close", "×");
  cross.type = "button";
  cross.setAttribute("aria-label", "Close");
  const cancel = node("button", "", "Cancel");
  cancel.type = "button";
  for (const one of [cross, cancel]) one.addEventListener("click", () => $("new-lead").close());
  const comments = node("textarea");
  Object.assign(comments, { name: "comments", id: "lead-comments", rows: 2 });
  const commentsLabel = node("label", "label", "Comments");
  commentsLabel.htmlFor = comments.id;
  const submit = node("button", "primary", "Send lead");
  submit.hidden = true;
  const form = node("form", "",
    node("div", "dialog-head", title, cross),
    node("div", "dialog-body", node("p", "hint", "One press sends an invented borrower to the real webhook, as a website would."), node("div", "invented", ...INVENTED.map(invented)),
      node("details", "", node("summary", "", "Or fill in the form yourself"), node("div", "pair", ...FIELDS.map(labeled)), commentsLabel, comments)),
    node("footer", "", cancel, submit));
  form.querySelector("details").addEventListener("toggle", (event) => { submit.hidden = !event.target.open; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(Object.fromEntries([...new FormData(form)].filter(([, value]) => value)));
  });
  $("new-lead").append(form);
  $("open-lead").addEventListener("click", () => $("new-lead").showModal());
}
