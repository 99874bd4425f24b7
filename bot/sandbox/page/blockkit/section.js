/** The section block: text, fields in two columns, and one element beside them. */

import { fill, h } from "../dom.js";
import { createSlot } from "./slot.js";
import { textNodes } from "./text.js";

/** Builds a section into `el`. */
export function section(el, block, surface) {
  const words = h("div", { class: "section-text" });
  const fields = h("div", { class: "section-fields" });
  const side = h("div", { class: "section-side" });
  const slot = createSlot(side, surface);
  el.append(h("div", { class: "section-words" }, words, fields), side);
  const update = (next) => {
    fill(words, textNodes(next.text, surface.viewer));
    fill(
      fields,
      (next.fields ?? []).map((field) => fieldCell(field, surface)),
    );
    fields.hidden = !next.fields?.length;
    side.hidden = !next.accessory;
    slot.show(next.accessory ? [next.accessory] : [], { blockId: next.block_id });
  };
  update(block);
  return { el, update, controls: slot.controls };
}

function fieldCell(field, { viewer }) {
  return h("div", { class: "section-field", dir: "auto" }, textNodes(field, viewer));
}
