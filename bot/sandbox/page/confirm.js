// Slack's question before something that is hard to take back.

import { node, textObject } from "./text.js";

// What an element's `confirm` asks; true when the person means it.
export function confirmed(asked, names) {
  const title = node("h2", "", asked.title?.text ?? "Are you sure?");
  title.id = "confirm-title";
  const no = node("button", "", asked.deny?.text ?? "Cancel");
  const yes = node("button", asked.style === "danger" ? "danger" : "primary", asked.confirm?.text ?? "Yes");
  yes.value = "yes";
  const form = node("form", "", node("div", "dialog-head", title), node("div", "dialog-body", textObject(asked.text, names)), node("footer", "", no, yes));
  form.method = "dialog";
  const dialog = node("dialog", "small", form);
  dialog.setAttribute("aria-labelledby", title.id);
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.remove();
    resolve(dialog.returnValue === "yes");
  }));
}
