// The modal in front of the person: drawn anew when the app changes it, only its errors when they change.

import { drawBlocks } from "./blocks.js";
import { node } from "./text.js";

const NONE = { id: "", hash: "", inputs: [], dispatches: "" };
let shown = NONE;

function values() {
  const read = {};
  for (const input of shown.inputs) (read[input.block_id] ??= {})[input.action_id] = input.read();
  return read;
}

// As Slack's own client: what is missing is said before anything is sent.
function unanswered() {
  const isEmpty = (answer) => Object.values(answer).every((value) => value === null || value === "" || value?.length === 0);
  const missing = shown.inputs.filter((input) => input.needed && isEmpty(input.read()));
  return Object.fromEntries(missing.map((input) => [input.block_id, "Please complete this required field."]));
}

function tell(dialog, errors, trouble) {
  for (const place of dialog.querySelectorAll("[data-error-for]")) {
    place.textContent = errors[place.dataset.errorFor] ?? "";
    place.parentElement.classList.toggle("wrong", place.textContent !== "");
    const control = dialog.querySelector(`[aria-describedby~="${place.id}"]`);
    if (place.textContent) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
  }
  dialog.querySelector(".trouble").textContent = trouble;
  dialog.querySelector("[aria-invalid]")?.focus();
}

export function drawModal(dialog, { modal, errors, trouble }, context, ask) {
  if (!modal) {
    if (dialog.open) dialog.close();
    shown = NONE;
    return;
  }
  if (modal.id !== shown.id || modal.hash !== shown.hash) build(dialog, modal, context, ask);
  const told = JSON.stringify([errors, trouble]);
  if (told === shown.told) return;
  shown.told = told;
  tell(dialog, errors, trouble);
}

function head(modal, close) {
  const title = node("h2", "", modal.title.text);
  title.id = "modal-title";
  const cross = node("button", "close", "×");
  cross.type = "button";
  cross.setAttribute("aria-label", "Close");
  cross.addEventListener("click", close);
  return node("div", "dialog-head", title, cross);
}

function trouble() {
  const made = node("p", "error trouble");
  made.setAttribute("role", "alert");
  return made;
}

function build(dialog, modal, context, ask) {
  const again = modal.id === shown.id;
  const held = again ? values() : {};
  const stood = again && dialog.contains(document.activeElement) ? document.activeElement.dataset.act : "";
  const inputs = [];
  const act = (action) => context.act(action, values());
  const close = () => ask("view-close", { view_id: modal.id });
  const cancel = node("button", "", modal.close?.text ?? (modal.submit ? "Cancel" : "Close"));
  cancel.type = "button";
  cancel.addEventListener("click", close);
  const body = node("div", "dialog-body", ...drawBlocks(modal.blocks, { ...context, act, held, inputs }), trouble());
  const footer = node("footer", "", cancel);
  if (modal.submit) footer.append(node("button", "primary", modal.submit.text));
  const form = node("form", "", head(modal, close), body, footer);
  form.noValidate = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = unanswered();
    tell(dialog, missing, "");
    if (Object.keys(missing).length) return;
    shown.told = "";
    const button = footer.lastChild;
    button.disabled = true;
    const sent = await ask("view-submit", { view_id: modal.id, values: values() }, true);
    button.disabled = false;
    if (!sent.ok) body.querySelector(".trouble").textContent = sent.error;
  });
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => { event.preventDefault(); close(); };
  shown = { id: modal.id, hash: modal.hash, inputs, told: "" };
  if (!dialog.open) dialog.showModal();
  const same = stood && dialog.querySelector(`[data-act="${CSS.escape(stood)}"]`);
  (same || body.querySelector("input, select, textarea") || body.querySelector("button") || footer.lastChild).focus();
}
