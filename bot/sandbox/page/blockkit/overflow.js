/** The overflow menu: a few more things to do, behind three dots. */

import { h, icon } from "../dom.js";
import { createMenu, HAS_MENU } from "../menu.js";
import { plainText, textNodes } from "./text.js";

/** Builds an overflow menu. */
export function overflow(first, seat) {
  let spec = first;
  const items = () =>
    (spec.options ?? []).map((option) => ({
      label: plainText(option.text),
      nodes: textNodes(option.text, seat.viewer),
      note: plainText(option.description) || null,
      value: option.value,
      run: () => pick(option),
    }));
  const menu = createMenu(() => el, items);
  const look = { ...HAS_MENU, class: "btn btn-more", "aria-label": "More actions" };
  const el = h("button", { ...look, data: seat.hooks, onclick: menu.toggle }, icon("more"));
  async function pick(option) {
    if (!(await seat.confirm())) return;
    if (/^https?:/i.test(option.url ?? ""))
      window.open(option.url, "_blank", "noopener,noreferrer");
    await seat.send({ selected_option: option });
  }
  return { el, input: el, update: (next) => (spec = next), focus: () => el.focus() };
}
