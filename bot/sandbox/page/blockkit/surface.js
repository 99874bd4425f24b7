/**
 * A surface shows a list of blocks (a message, App Home or a modal) and remembers what a person
 * put into it. Blocks are kept by block_id: an update changes words in place and leaves alone what
 * was typed or chosen, as Slack does; a new block_id starts afresh, unless all that there is to
 * use are the same buttons: those stay, and so does the keyboard.
 */

import { h, keyedList } from "../dom.js";
import { createBlock } from "./blocks.js";
import { createNames } from "./names.js";

/**
 * Builds a surface. `kind` is "message", "home" or "modal"; `act(action)` sends a block action,
 * `options(query)` loads the options of an external menu, `enter()` submits the form, if it is one.
 */
export function createSurface({ viewer, kind, act, options, enter = null }) {
  const el = h("div", { class: `blocks blocks-${kind}` });
  const surface = { el, viewer, kind, saved: {}, enter, options };
  let blocks = [];
  const nameAll = createNames();
  const create = (item) => createKept(item, surface);
  const show = keyedList(el, { key: ({ name }) => name, create });
  surface.values = () => valuesOf(blocks);
  surface.act = (action) => act({ ...action, state: { values: surface.values() } });
  surface.render = (list, { saved = {}, errors = {} } = {}) => {
    surface.saved = saved;
    const named = nameAll(list ?? []);
    blocks = show(named.map((one) => ({ ...one, error: errors[one.block.block_id] ?? null })));
  };
  surface.focusFirst = () => focusFirst(blocks);
  surface.focusError = () => blocks.find((part) => part.item.error)?.focus?.();
  return surface;
}

function createKept(item, surface) {
  const part = createBlock(item.block, surface, item.error);
  const kept = { ...part, item, seen: sight(item, surface) };
  kept.update = (next) => {
    const seen = sight(next, surface);
    kept.item = next;
    if (seen !== kept.seen) part.update(next.block, next.error);
    kept.seen = seen;
  };
  return kept;
}

function sight(item, { viewer }) {
  return `${viewer.sight()} ${JSON.stringify(item)}`;
}

function valuesOf(blocks) {
  const values = {};
  for (const { item, controls } of blocks) {
    for (const control of controls?.() ?? []) {
      const value = control.read?.();
      if (value) (values[item.block.block_id] ??= {})[control.actionId] = value;
    }
  }
  return values;
}

function focusFirst(blocks) {
  const controls = blocks.flatMap((part) => part.controls?.() ?? []);
  const wanted = controls.find((control) => control.spec().focus_on_load);
  const first = wanted ?? controls.find((control) => control.read);
  first?.focus();
  return Boolean(first);
}
