// Slack's text as DOM nodes. Everything people or apps wrote goes in as text, never as markup.

import { dateText } from "./dates.js";

export function node(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
export const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const PIECES = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])/g;
const QUOTED = /^(?:(?:&gt;|>)[^\n]*(?:\n|$))+/m;

export function mrkdwn(text, names) {
  const quoted = QUOTED.exec(text);
  if (!quoted) return inline(text, names);
  const words = quoted[0].replace(/\n$/, "").replace(/^(?:&gt;|>) ?/gm, "");
  const parts = [text.slice(0, quoted.index).replace(/\n$/, ""), text.slice(quoted.index + quoted[0].length)];
  return node("div", "", ...(parts[0] ? [inline(parts[0], names)] : []), node("blockquote", "", inline(words, names)), ...(parts[1] ? [mrkdwn(parts[1], names)] : []));
}

function inline(text, names) {
  const made = node("span", "text");
  let end = 0;
  for (const match of text.matchAll(PIECES)) {
    made.append(unescape(text.slice(end, match.index)), piece(match, names));
    end = match.index + match[0].length;
  }
  made.append(unescape(text.slice(end)));
  return made;
}

function piece([, block, code, angle, bold, italic, struck], names) {
  if (block !== undefined) return node("pre", "", unescape(block));
  if (code !== undefined) return node("code", "", unescape(code));
  if (angle !== undefined) return reference(angle, names);
  if (bold !== undefined) return node("b", "", inline(bold, names));
  if (italic !== undefined) return node("i", "", inline(italic, names));
  return node("s", "", inline(struck, names));
}

function reference(inside, names) {
  const [target, label] = inside.split("|", 2);
  if (target.startsWith("@")) return node("span", "mention", "@" + names.person(target.slice(1)));
  if (target.startsWith("#")) return node("span", "mention", "#" + names.channel(target.slice(1)));
  if (target.startsWith("!date^")) return node("time", "", dateText(target, label));
  if (target.startsWith("!")) return node("span", "mention", "@" + target.slice(1));
  return link(unescape(target), unescape(label ?? target));
}

export function link(url, label) {
  if (!/^(https?:|mailto:|tel:)/i.test(url)) return label;
  const made = node("a", "", label);
  made.href = url;
  made.rel = "noopener noreferrer";
  if (/^http/i.test(url)) made.target = "_blank";
  return made;
}

export function textObject(object, names) {
  if (!object) return "";
  return object.type === "mrkdwn" ? mrkdwn(object.text, names) : node("span", "text", object.text);
}

export function richText(block, names) {
  return block.elements.map((part) => {
    if (part.type === "rich_text_list") {
      return node(part.style === "ordered" ? "ol" : "ul", "", ...part.elements.map((item) => node("li", "", ...leaves(item, names))));
    }
    const tag = { rich_text_quote: "blockquote", rich_text_preformatted: "pre" }[part.type] ?? "div";
    return node(tag, "text", ...leaves(part, names));
  });
}

function leaves(part, names) {
  return part.elements.map((leaf) => {
    if (leaf.type === "link") return link(leaf.url, leaf.text || leaf.url);
    if (leaf.type === "user") return node("span", "mention", "@" + names.person(leaf.user_id));
    if (leaf.type === "channel") return node("span", "mention", "#" + names.channel(leaf.channel_id));
    if (leaf.type === "broadcast") return node("span", "mention", "@" + leaf.range);
    if (leaf.type === "emoji") return leaf.unicode ? String.fromCodePoint(...leaf.unicode.split("-").map((part) => parseInt(part, 16))) : `:${leaf.name}:`;
    if (leaf.type === "date") return node("time", "", dateText(`!date^${leaf.timestamp}^${leaf.format}`, leaf.fallback));
    let made = node("span", "", leaf.text ?? leaf.value ?? "");
    for (const [style, tag] of [["bold", "b"], ["italic", "i"], ["strike", "s"], ["code", "code"]]) {
      if (leaf.style?.[style]) made = node(tag, "", made);
    }
    return made;
  });
}
