/** The rich text field, without its toolbar: what is typed is sent as one section of plain words. */

import { h, set } from "../dom.js";
import { plainText } from "./text.js";

/** Builds the field; what nobody touched is sent as it came. */
export function richTextInput(first, seat) {
  const start = (seat.saved ? seat.saved.rich_text_value : first.initial_value) ?? null;
  let value = start;
  const look = { class: "text-input", rows: 3, dir: "auto", data: seat.hooks };
  const field = h("textarea", { ...look, value: wordsOf(start), oninput: typed });
  function typed() {
    value = field.value === "" ? null : written(field.value);
  }
  const update = (next) => set(field, { placeholder: plainText(next.placeholder) || null });
  update(first);
  const read = () => ({ type: "rich_text_input", rich_text_value: value });
  return { el: field, input: field, update, read, focus: () => field.focus() };
}

function written(text) {
  const section = { type: "rich_text_section", elements: [{ type: "text", text }] };
  return { type: "rich_text", elements: [section] };
}

function wordsOf(node) {
  if (typeof node?.text === "string") return node.text;
  return (node?.elements ?? []).map(wordsOf).join(node?.type === "rich_text" ? "\n" : "");
}
