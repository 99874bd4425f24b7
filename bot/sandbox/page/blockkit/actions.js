/** The actions block: a row of elements. */

import { createSlot } from "./slot.js";

/** Builds an actions block into `el`. */
export function actions(el, block, surface) {
  const slot = createSlot(el, surface);
  const update = (next) => slot.show(next.elements ?? [], { blockId: next.block_id });
  update(block);
  return { el, update, controls: slot.controls };
}
