// A menu that opens at its button: arrows move, a letter finds, Escape closes.

import { node } from "./text.js";

// choices: [{ label, hint?, choose() }]. Returns the nodes to put where the button belongs.
export function menu(button, choices) {
  const items = choices.map((choice) => {
    const item = node("button", "", node("span", "", choice.label), ...(choice.hint ? [node("small", "", choice.hint)] : []));
    item.type = "button";
    item.tabIndex = -1;
    item.setAttribute("role", "menuitem");
    item.addEventListener("click", () => {
      list.hidePopover();
      button.focus();
      choice.choose();
    });
    return item;
  });
  const list = node("div", "menu", ...items);
  list.popover = "auto";
  list.setAttribute("role", "menu");
  list.setAttribute("aria-label", button.getAttribute("aria-label") ?? button.textContent);
  button.type = "button";
  button.popoverTargetElement = list;
  button.setAttribute("aria-haspopup", "menu");
  list.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    stand(list, button);
    items[0]?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const to = target(event.key, items);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  return [button, list];
}

function target(key, items) {
  const at = items.indexOf(document.activeElement);
  if (key === "ArrowDown") return items[(at + 1) % items.length];
  if (key === "ArrowUp") return items[(at - 1 + items.length) % items.length];
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  if (key.length !== 1 || key === " ") return null;
  return [...items.slice(at + 1), ...items].find((item) => item.textContent.toLowerCase().startsWith(key.toLowerCase()));
}

function stand(list, button) {
  const at = button.getBoundingClientRect();
  const { width, height } = list.getBoundingClientRect();
  const below = at.bottom + 4 + height < innerHeight;
  list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  list.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - height - 4)}px`;
}
