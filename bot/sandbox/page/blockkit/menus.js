/** The select elements: one choice or several, out of a list, people, channels or the app. */

import { set } from "../dom.js";
import { Combobox } from "./combobox.js";
import { sourceFor } from "./sources.js";
import { plainText } from "./text.js";

/** What each kind calls its value: `user` gives selected_user, initial_user and the plural. */
const NOUNS = { users: "user", conversations: "conversation", channels: "channel" };

/** Builds a menu with one choice. */
export function menu(first, seat) {
  return createMenu(first, seat, { isMulti: false, ...names(first.type) });
}

/** Builds a menu with several choices. */
export function multiMenu(first, seat) {
  return createMenu(first, seat, { isMulti: true, ...names(first.type.replace("multi_", "")) });
}

function names(type) {
  const noun = NOUNS[type.replace("_select", "")] ?? "option";
  return { noun, source: type.replace("_select", "") };
}

function createMenu(first, seat, { isMulti, noun, source: sourceName }) {
  let spec = first;
  const plural = isMulti ? "s" : "";
  const field = `selected_${noun}${plural}`;
  const source = sourceFor(sourceName, seat, () => spec);
  const start = seat.saved ? seat.saved[field] : spec[`initial_${noun}${plural}`];
  const value = (options) => (isMulti ? options.map(({ raw }) => raw) : (options[0]?.raw ?? null));
  const combo = new Combobox({
    chosen: [start ?? []].flat().map(source.option),
    isMulti,
    find: source.find,
    onChange: (options) => seat.changed({ [field]: value(options) }),
    hooks: seat.hooks,
    isClearable: () => seat.placement().optional === true,
    most: spec.max_selected_items,
  });
  function update(next) {
    spec = next;
    const words = plainText(spec.placeholder) || "Choose";
    const label = seat.placement().inInput ? null : words;
    combo.placeholder(words);
    set(combo.input, { "aria-label": label });
    if (source.known) combo.keep(({ key }) => source.known(key));
  }
  update(first);
  return {
    el: combo.el,
    input: combo.input,
    update,
    read: () => ({ type: spec.type, [field]: value(combo.picked) }),
    focus: () => combo.input.focus(),
  };
}
