// Blocks as DOM nodes.

import { field } from "./fields.js";
import { mrkdwn, node, richText, textObject } from "./text.js";

// Draws blocks for a context as in fields.js; context.inputs, when given, collects { block_id, action_id, read }.
export function drawBlocks(blocks, context) {
  return blocks.map((block) => {
    const draw = DRAWN[block.type];
    return draw ? draw(block, context) : node("div", "block unknown", `(a ${block.type} block)`);
  });
}

function pressable(element, block, context, acts = true) {
  const made = field(element, block.block_id, acts ? context : { ...context, act: async () => {} });
  if (made.read) context.inputs?.push({ block_id: block.block_id, action_id: element.action_id, read: made.read, needed: block.type === "input" && !block.optional });
  return made;
}

// Only the demo's own pictures are loaded; of others the page says what they show.
function image(element) {
  if (!element.image_url?.startsWith(location.origin)) return node("span", "picture", element.alt_text);
  const made = node("img", "picture");
  made.src = element.image_url;
  made.alt = element.alt_text;
  return made;
}

function pressables(elements, block, context) {
  return elements.map((element) => pressable(element, block, context).shown);
}

function accessory(element, block, context) {
  return element.type === "image" ? image(element) : pressable(element, block, context).shown;
}

let inputs = 0;

// A label for one control, a legend for a group; the hint and the error belong to it, for a screen reader too.
function input(block, context) {
  const id = `input-${++inputs}`;
  const words = block.label.text + (block.optional ? " (optional)" : "");
  const made = pressable(block.element, block, { ...context, labeled: words }, Boolean(block.dispatch_action));
  const isGroup = made.shown.tagName === "FIELDSET";
  const label = node(isGroup ? "legend" : "label", "label", words);
  const control = made.control ?? made.shown;
  const error = node("span", "error");
  error.id = `${id}-error`;
  error.dataset.errorFor = block.block_id;
  control.setAttribute("aria-describedby", block.hint ? `${id}-hint ${error.id}` : error.id);
  if (isGroup) made.shown.prepend(label);
  else {
    control.id = id;
    label.htmlFor = id;
  }
  const shown = node("div", "block input", ...(isGroup ? [made.shown] : [label, made.shown]));
  if (block.hint) {
    const hint = node("span", "hint", block.hint.text);
    hint.id = `${id}-hint`;
    shown.append(hint);
  }
  shown.append(error);
  return shown;
}

function section(block, context) {
  const body = node("div", "words", textObject(block.text, context.names));
  if (block.fields) body.append(node("div", "fields", ...block.fields.map((one) => textObject(one, context.names))));
  const made = node("div", "block section", body);
  if (block.accessory) {
    made.classList.add("with-accessory");
    made.append(accessory(block.accessory, block, context));
  }
  return made;
}

function cells(rows, context) {
  const cell = (one) => node("td", "", ...(one.type === "rich_text" ? richText(one, context.names) : [String(one.text ?? one.value ?? "")]));
  return node("table", "", ...rows.map((row) => node("tr", "", ...row.map(cell))));
}

function card(block, context) {
  const made = node("div", "block card");
  for (const part of ["title", "subtitle", "body"]) if (block[part]) made.append(node("div", part, textObject(block[part], context.names)));
  made.append(node("div", "block actions", ...pressables(block.actions ?? [], block, context)));
  return made;
}

const DRAWN = {
  section,
  input,
  card,
  header: (block) => node("div", "block header", block.text.text),
  divider: () => node("hr"),
  image: (block) => node("figure", "block", ...(block.title ? [node("figcaption", "hint", block.title.text)] : []), image(block)),
  context: (block, context) => node("div", "block context", ...block.elements.map((one) => (one.type === "image" ? image(one) : textObject(one, context.names)))),
  actions: (block, context) => node("div", "block actions", ...pressables(block.elements, block, context)),
  rich_text: (block, context) => node("div", "block", ...richText(block, context.names)),
  markdown: (block, context) => node("div", "block", mrkdwn(block.text, context.names)),
  alert: (block, context) => node("div", "block container", textObject(block.text, context.names)),
  table: (block, context) => node("div", "block", cells(block.rows, context)),
  data_table: (block, context) => node("div", "block", node("b", "", block.caption), cells(block.rows, context)),
  carousel: (block, context) => node("div", "block", ...drawBlocks(block.elements, context)),
  container: (block, context) => node("div", "block container", node("b", "", block.title?.text ?? ""), ...drawBlocks(block.child_blocks, context)),
};
