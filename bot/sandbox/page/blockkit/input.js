/** The input block: a label, one field, a hint and the error that the app answered with. */

import { fill, freshId, h, say, set } from "../dom.js";
import { createSlot } from "./slot.js";
import { plainText } from "./text.js";

const GROUPS = new Set(["checkboxes", "radio_buttons", "datetimepicker", "file_input"]);

/** Builds an input block into `el`. */
export function inputBlock(el, block, surface, error) {
  const id = freshId("field");
  const parts = {
    label: h("label", { class: "field-label", id: `${id}-label`, for: `${id}-input`, dir: "auto" }),
    control: h("div", { class: "field-control" }),
    hint: h("div", { class: "field-hint", id: `${id}-hint`, dir: "auto" }),
    error: h("div", {
      class: "field-error",
      id: `${id}-error`,
      role: "alert",
      dir: "auto",
      data: { testid: `error-${block.block_id}` },
    }),
  };
  const slot = createSlot(parts.control, surface);
  el.append(parts.label, parts.control, parts.error, parts.hint);
  const update = (next, problem) => {
    words(parts, next, problem);
    el.classList.toggle("has-error", Boolean(problem));
    slot.show([next.element], placement(next, id, problem));
  };
  update(block, error);
  return { el, update, controls: slot.controls, focus: () => slot.controls()[0]?.focus() };
}

function words({ label, hint, error }, block, problem) {
  const optional = block.optional && h("span", { class: "field-optional" }, " (optional)");
  fill(label, plainText(block.label), optional);
  if (GROUPS.has(block.element?.type)) set(label, { for: null });
  say(hint, plainText(block.hint));
  hint.hidden = !block.hint;
  say(error, problem ?? "");
  error.hidden = !problem;
}

function placement(block, id, problem) {
  const described = [problem && `${id}-error`, block.hint && `${id}-hint`];
  return {
    blockId: block.block_id,
    inInput: true,
    optional: Boolean(block.optional),
    dispatches: Boolean(block.dispatch_action),
    inputId: `${id}-input`,
    labelId: `${id}-label`,
    describedBy: described.filter(Boolean).join(" ") || null,
    invalid: Boolean(problem),
  };
}
