// The modal in front of the person: drawn anew when the app changes it, only its errors when they change.

import { drawBlocks } from "./blocks.js";
import { node } from "./text.js";

let shown = { id: "", hash: "", inputs: [] };

function values() {
  const read = {};
  for (const input of shown.inputs) (read[input.block_id] ??= {})[input.action_id] = input.read();
  return read;
}

export function drawModal(dialog, { modal, errors, trouble }, context, ask) {
  if (!modal) {
    if (dialog.open) dialog.close();
    shown = { id: "", hash: "", inputs: [] };
    return;
  }
  if (modal.id !== shown.id || modal.hash !== shown.hash) build(dialog, modal, context, ask);
  for (const place of dialog.querySelectorAll("[data-error-for]")) place.textContent = errors[place.dataset.errorFor] ?? "";
  dialog.querySelector(".trouble").textContent = trouble;
}

function build(dialog, modal, context, ask) {
  const held = modal.id === shown.id ? values() : {};
  const inputs = [];
  const act = (action) => context.act(action, values());
  const title = node("h2", "", modal.title.text);
  title.id = "modal-title";
  const close = node("button", "", modal.close?.text ?? "Cancel");
  close.type = "button";
  close.addEventListener("click", () => ask("view-close", { view_id: modal.id }));
  const footer = node("footer", "", close);
  if (modal.submit) footer.append(node("button", "primary", modal.submit.text));
  const form = node("form", "", title, ...drawBlocks(modal.blocks, { ...context, act, held, inputs }), node("p", "error trouble"), footer);
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask("view-submit", { view_id: modal.id, values: values() });
  });
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => { event.preventDefault(); close.click(); };
  shown = { id: modal.id, hash: modal.hash, inputs };
  if (!dialog.open) dialog.showModal();
}
