/** Text, number, address and email fields. What may be sent is for the sandbox to check. */

import { h, say, set } from "../dom.js";
import { plainText } from "./text.js";

const MOST_HEIGHT_PX = 320;
const MODES = {
  number_input: "decimal",
  url_text_input: "url",
  email_text_input: "email",
  plain_text_input: "text",
};

/** Builds a one-line field or a larger one. */
export function textInput(first, seat) {
  let spec = first;
  const field = textField(first, seat);
  const counter = h("div", { class: "field-counter", "aria-live": "polite" });
  const dispatch = () => seat.send({ value: field.value || null });
  const count = () => say(counter, counterText(spec, field.value.length));
  field.addEventListener("input", () => {
    grow(field);
    count();
    if (asks(spec, seat, "on_character_entered")) dispatch();
  });
  field.addEventListener("keydown", (event) => {
    if (!isSending(event, spec)) return;
    event.preventDefault();
    if (asks(spec, seat, "on_enter_pressed")) dispatch();
    else seat.surface.enter?.();
  });
  function update(next) {
    spec = next;
    name(field, spec, seat);
    count();
  }
  update(first);
  return {
    el: h("div", { class: "text-field" }, field, counter),
    input: field,
    update,
    read: () => ({ type: spec.type, value: field.value === "" ? null : field.value }),
    focus: () => field.focus(),
  };
}

function textField(spec, seat) {
  const start = seat.saved ? seat.saved.value : spec.initial_value;
  return h(spec.multiline ? "textarea" : "input", {
    class: "text-input",
    dir: "auto",
    autocomplete: "off",
    inputmode: MODES[spec.type],
    rows: spec.multiline ? 3 : null,
    data: seat.hooks,
    value: start ?? "",
  });
}

function name(field, spec, seat) {
  const placeholder = plainText(spec.placeholder) || null;
  const label = seat.placement().inInput ? null : (placeholder ?? "Text");
  set(field, { placeholder, "aria-label": label });
}

/** Enter sends a single line; in a larger field it needs Ctrl or Cmd. */
function isSending(event, spec) {
  if (event.key !== "Enter" || event.isComposing || event.shiftKey) return false;
  return !spec.multiline || event.ctrlKey || event.metaKey;
}

function asks(spec, seat, trigger) {
  const on = spec.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return seat.dispatches() && on.includes(trigger);
}

function counterText({ max_length: most, min_length: least }, length) {
  if (most && length > most * 0.8) return `${most - length} characters left`;
  if (least && length > 0 && length < least) return `${least - length} more characters needed`;
  return "";
}

function grow(field) {
  if (field.tagName !== "TEXTAREA") return;
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, MOST_HEIGHT_PX)}px`;
}
