/** A slot holds elements of one block and keeps each by its type and action_id. */

import { keyedList, set } from "../dom.js";
import { createControl } from "./controls.js";

/** Builds a slot inside `el`; `show(elements, placement)` brings it up to date. */
export function createSlot(el, surface) {
  let placement = {};
  let kept = [];
  const list = keyedList(el, {
    key: (spec, index) => `${spec.type}/${spec.action_id ?? index}`,
    create: (spec) => createElement(spec, surface, () => placement),
  });
  return {
    show(elements, place) {
      placement = place;
      kept = list(elements);
      for (const control of kept) {
        rename(control, placement);
        describe(control, placement);
      }
    },
    controls: () => kept.filter((control) => control.actionId),
  };
}

function createElement(first, surface, placement) {
  let spec = first;
  const seat = createSeat(surface, placement, () => spec);
  const control = createControl(first, seat);
  const update = (next) => {
    const same = JSON.stringify(next) === JSON.stringify(spec);
    spec = next;
    if (!same) control.update?.(next);
  };
  return { ...control, update, actionId: first.action_id, spec: () => spec };
}

/** Where an element sits: how it is labelled, what was saved for it, and how it sends actions. */
function createSeat(surface, placement, spec) {
  const where = () => ({ block_id: placement().blockId, action_id: spec().action_id });
  const saved = surface.saved[placement().blockId]?.[spec().action_id] ?? null;
  const send = (action) =>
    surface.act({ ...where(), action: { type: spec().type, ...where(), ...action } });
  return {
    surface,
    viewer: surface.viewer,
    placement,
    saved: saved?.type === spec().type ? saved : null,
    hooks: hooksOf(where()),
    loadOptions: (value) => surface.options({ ...where(), value }),
    confirm: () => !spec().confirm || surface.viewer.confirm(spec().confirm),
    dispatches: () => !placement().inInput || placement().dispatches,
    send,
    async changed(action) {
      if (!(await this.confirm())) return false;
      if (this.dispatches()) send(action);
      return true;
    },
  };
}

function hooksOf({ block_id: blockId, action_id: actionId }) {
  return { blockId, actionId };
}

/** A block that is kept may be called something else by now. */
function rename({ input }, { blockId }) {
  if (input?.dataset.blockId) set(input, { data: { blockId } });
}

function describe(control, { inputId, labelId, describedBy, invalid, optional, inInput }) {
  const target = control.input;
  if (!target || !inInput) return;
  const group = ["group", "radiogroup"].includes(target.getAttribute("role"));
  set(target, { id: inputId, "aria-describedby": describedBy, "aria-invalid": invalid || null });
  if (group) set(target, { "aria-labelledby": labelId });
  else set(target, { "aria-required": optional ? null : "true" });
}
