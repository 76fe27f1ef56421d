// What people press and fill in. Each element reports its action through act(), and inputs can be read for a submission.

import { confirmed } from "./confirm.js";
import { menu } from "./menu.js";
import { node, textObject } from "./text.js";

const dated = { datepicker: "date", timepicker: "time" };
const typed = { email_text_input: "email", url_text_input: "url", number_input: "text", plain_text_input: "text" };

// context: { act(action), suggest(element, typed), names, people, channels, held: values typed before a redraw, labeled: the label of an input }
// Returns { shown, read?, control? }: the node, how to read its answer as Slack's state has it, and what in it a label belongs to.
export function field(element, blockId, context) {
  const about = { type: element.type, action_id: element.action_id, block_id: blockId };
  const held = context.held?.[blockId]?.[element.action_id] ?? {};
  const act = async (answer) => {
    if (!element.confirm || (await confirmed(element.confirm, context.names))) await context.act({ ...about, ...answer });
  };
  const made = drawn(element, act, held, context);
  const control = made.control ?? made.shown;
  control.dataset.act = `${blockId} ${element.action_id}`;
  if (!context.labeled && made.read) control.setAttribute("aria-label", element.placeholder?.text ?? "Choose");
  return made;
}

function drawn(element, act, held, context) {
  if (element.type === "button" || element.type === "workflow_button" || element.type === "icon_button") return button(element, act, context);
  if (element.type === "overflow") return overflow(element, act);
  if (element.type === "static_select" && !context.labeled) return choice(element, act, held);
  if (element.type in dated) return plainInput(element, act, held, dated[element.type], element.type === "datepicker" ? "date" : "time");
  if (element.type in typed) return textInput(element, act, held);
  if (element.type === "datetimepicker") return moment(element, act, held);
  if (element.type === "checkboxes" || element.type === "radio_buttons") return ticks(element, act, held, context);
  if (element.type === "external_select") return external(element, act, held, context);
  if (element.type.endsWith("_select")) return select(element, act, held, context);
  return { shown: node("span", "hint", `(${element.type} is not shown here)`) };
}

function button(element, act, context) {
  const made = node("button", element.style ?? "", element.text?.text ?? element.alt_text ?? "");
  made.type = "button";
  if (element.url && /^https?:/i.test(element.url)) made.classList.add("leads-out");
  if (element.accessibility_label) made.setAttribute("aria-label", element.accessibility_label);
  let busy = false; // rather than disabled, which would take the focus away
  made.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    made.setAttribute("aria-busy", "true");
    try {
      if (/^https?:/i.test(element.url ?? "")) window.open(element.url, "_blank", "noopener");
      await act(element.value === undefined ? {} : { value: element.value });
    } finally {
      busy = false;
      made.removeAttribute("aria-busy");
    }
  });
  return { shown: made };
}

function overflow(element, act) {
  const made = node("button", "more", "⋯");
  made.setAttribute("aria-label", "More actions");
  const choices = element.options.map((option) => ({
    label: option.text.text,
    hint: option.description?.text,
    choose: () => act({ selected_option: option }),
  }));
  return { shown: node("span", "", ...menu(made, choices)), control: made };
}

// A select that acts at once is a menu: with a native one, an arrow key would already choose.
function choice(element, act, held) {
  const options = element.options ?? element.option_groups.flatMap((group) => group.options);
  let chosen = held.selected_option ?? element.initial_option ?? null;
  const made = node("button", "choice", chosen?.text.text ?? element.placeholder?.text ?? "Choose");
  const choices = options.map((option) => ({
    label: option.text.text,
    hint: option.description?.text,
    choose: () => {
      chosen = option;
      made.textContent = option.text.text;
      act({ selected_option: option });
    },
  }));
  return { shown: node("span", "", ...menu(made, choices)), control: made };
}

function plainInput(element, act, held, type, unit) {
  const made = node("input");
  made.type = type;
  made.value = held[`selected_${unit}`] ?? element[`initial_${unit}`] ?? "";
  const read = () => ({ [`selected_${unit}`]: made.value || null });
  made.addEventListener("change", () => act(read()));
  return { shown: made, read };
}

function moment(element, act, held) {
  const made = node("input");
  made.type = "datetime-local";
  const start = held.selected_date_time ?? element.initial_date_time;
  if (start) made.value = new Date(start * 1000 - new Date(start * 1000).getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  const read = () => ({ selected_date_time: made.value ? Math.floor(new Date(made.value).getTime() / 1000) : null });
  made.addEventListener("change", () => act(read()));
  return { shown: made, read };
}

function textInput(element, act, held) {
  const made = node(element.multiline ? "textarea" : "input");
  if (element.multiline) made.rows = 5;
  else made.type = typed[element.type];
  made.value = held.value ?? element.initial_value ?? "";
  made.placeholder = element.placeholder?.text ?? "";
  if (element.max_length) made.maxLength = element.max_length;
  const read = () => ({ value: made.value || null });
  made.addEventListener("change", () => act(read()));
  return { shown: made, read };
}

function ticks(element, act, held, context) {
  const one = element.type === "radio_buttons";
  const start = one ? [held.selected_option ?? element.initial_option] : held.selected_options ?? element.initial_options ?? [];
  const chosen = new Set(start.filter(Boolean).map((option) => option.value));
  const group = crypto.randomUUID();
  const boxes = element.options.map((option) => {
    const box = node("input");
    box.type = one ? "radio" : "checkbox";
    box.name = group;
    box.checked = chosen.has(option.value);
    return box;
  });
  const picked = () => element.options.filter((_, index) => boxes[index].checked);
  const read = () => (one ? { selected_option: picked()[0] ?? null } : { selected_options: picked() });
  const made = node("fieldset", "", ...element.options.map((option, index) => {
    const words = node("span", "", textObject(option.text, context.names));
    if (option.description) words.append(node("small", "hint", textObject(option.description, context.names)));
    return node("label", "tick", boxes[index], words);
  }));
  made.addEventListener("change", () => act(read()));
  return { shown: made, read };
}

function select(element, act, held, context) {
  const many = element.type.startsWith("multi_");
  const kind = element.type.replace("multi_", "").replace("_select", "");
  const name = { users: "user", conversations: "conversation", channels: "channel" }[kind];
  const key = `selected_${name ?? "option"}${many ? "s" : ""}`;
  const start = held[key] ?? element[key.replace("selected", "initial")] ?? [];
  const chosen = new Set([start].flat().map((choice) => choice.value ?? choice));
  const made = node("select");
  made.multiple = many;
  if (!many) made.append(new Option(element.placeholder?.text ?? "Choose", ""));
  const answers = new Map();
  const add = (parent, value, label, answer) => {
    answers.set(value, answer);
    parent.append(new Option(label, value, false, chosen.has(value)));
  };
  const addOptions = (parent, options) => options.forEach((option) => add(parent, option.value, option.text.text, option));
  if (kind === "users") context.people.forEach((person) => add(made, person.id, person.real_name, person.id));
  else if (name) context.channels.forEach((channel) => add(made, channel.id, channel.name, channel.id));
  for (const group of element.option_groups ?? []) {
    const heading = node("optgroup");
    heading.label = group.label.text;
    addOptions(heading, group.options);
    made.append(heading);
  }
  addOptions(made, element.options ?? []);
  const picked = () => [...made.selectedOptions].map((option) => answers.get(option.value)).filter((answer) => answer !== undefined);
  const read = () => ({ [key]: many ? picked() : picked()[0] ?? null });
  made.addEventListener("change", () => { if (many || picked().length) act(read()); });
  return { shown: made, read };
}

function external(element, act, held, context) {
  let chosen = held.selected_option ?? element.initial_option ?? null;
  const box = node("input");
  const offers = node("div", "menu-inline");
  box.placeholder = element.placeholder?.text ?? "Type to search";
  box.value = chosen?.text.text ?? "";
  box.addEventListener("input", async () => {
    if (box.value.length < (element.min_query_length ?? 3)) return;
    const found = await context.suggest(element, box.value);
    offers.replaceChildren(...found.map((option) => {
      const choice = node("button", "", option.text.text);
      choice.type = "button";
      choice.addEventListener("click", () => {
        chosen = option;
        box.value = option.text.text;
        offers.replaceChildren();
        act({ selected_option: option });
      });
      return choice;
    }));
  });
  return { shown: node("div", "", box, offers), control: box, read: () => ({ selected_option: chosen }) };
}
