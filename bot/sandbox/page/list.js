// Keeps a list of nodes like a list of things: what did not change stays in place, with focus, selection and open menus.

import { node } from "./text.js";

const shown = new WeakMap();

// wanted: [{ key, state, draw() }]. A thing is drawn again only when its state is another.
export function reconcile(list, wanted) {
  const old = new Map([...list.children].map((item) => [shown.get(item)?.key, item]));
  let at = list.firstElementChild;
  for (const one of wanted) {
    const state = JSON.stringify(one.state);
    let item = old.get(one.key);
    old.delete(one.key);
    if (item && shown.get(item).state !== state) {
      const fresh = drawn(one, state);
      if (at === item) at = fresh;
      replace(item, fresh);
      item = fresh;
    }
    item ??= drawn(one, state);
    if (item === at) at = at.nextElementSibling;
    else list.insertBefore(item, at);
  }
  for (const gone of old.values()) gone.remove();
}

function drawn(one, state) {
  const item = one.draw();
  shown.set(item, { key: one.key, state });
  return item;
}

// The new one takes the old one's place; who stood on a button in it stands on the same button, or on the whole.
function replace(item, fresh) {
  const focused = item.contains(document.activeElement) ? document.activeElement : null;
  item.replaceWith(fresh);
  if (!focused) return;
  const same = focused.dataset.act && fresh.querySelector(`[data-act="${CSS.escape(focused.dataset.act)}"]`);
  fresh.tabIndex = -1;
  (same || fresh).focus({ preventScroll: true });
}

export const note = (key, className, words) => ({ key, state: words, draw: () => node("li", className, words) });
