/** The overflow menu: a few more things to do, behind three dots. */

import { h, icon, set } from "../dom.js";
import { openPopup } from "../popup.js";
import { plainText, textNodes } from "./text.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** Builds an overflow menu. */
export function overflow(first, seat) {
  let spec = first;
  let popup = null;
  const el = dots(seat, () => (popup ? popup.close() : open()));
  function open() {
    const items = (spec.options ?? []).map((option) => menuItem(option, pick, seat.viewer));
    const onkeydown = (event) => walk(event, items, leave);
    const menu = h("div", { role: "menu", class: "menu", onkeydown }, items);
    popup = openPopup(el, menu, { onClose: closed, align: "end" });
    set(el, { "aria-expanded": "true" });
    items[0]?.focus();
  }
  function closed() {
    popup = null;
    set(el, { "aria-expanded": "false" });
  }
  function leave() {
    popup?.close();
    el.focus();
  }
  async function pick(option) {
    leave();
    if (/^https?:/i.test(option.url ?? ""))
      window.open(option.url, "_blank", "noopener,noreferrer");
    if (await seat.confirm()) await seat.send({ selected_option: option });
  }
  return { el, input: el, update: (next) => (spec = next), focus: () => el.focus() };
}

function dots(seat, onclick) {
  const state = { "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false" };
  const look = { type: "button", class: "btn btn-more", data: seat.hooks };
  return h("button", { ...look, ...state, onclick }, icon("more"));
}

function walk(event, items, leave) {
  const isLeaving = event.key === "Escape" || event.key === "Tab";
  if (!isLeaving && !(event.key in STEPS)) return;
  event.preventDefault();
  event.stopPropagation();
  if (isLeaving) return leave();
  const at = items.indexOf(document.activeElement) + STEPS[event.key];
  items.at(at % items.length).focus();
}

function menuItem(option, pick, viewer) {
  const props = {
    type: "button",
    role: "menuitem",
    class: "menu-item",
    tabIndex: -1,
    "aria-label": plainText(option.text),
    data: { value: option.value },
    onclick: () => pick(option),
  };
  return h("button", props, textNodes(option.text, viewer));
}
