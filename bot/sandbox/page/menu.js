/** A small menu behind a button, opened by a press and walked with the arrow keys. */

import { h, set } from "./dom.js";
import { openPopup } from "./popup.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * A menu at a button. `items()` answers `{label, nodes?, note?, value?, run}` each time it opens;
 * `run()` is called once the menu is closed and the button has the keyboard again.
 */
export function createMenu(anchor, items) {
  let popup = null;
  function open() {
    const buttons = items().map((item) => menuItem(item, () => pick(item)));
    const onkeydown = (event) => walk(event, buttons, leave);
    const menu = h("div", { role: "menu", class: "menu", onkeydown }, buttons);
    popup = openPopup(anchor(), menu, { onClose: closed, align: "end" });
    set(anchor(), { "aria-expanded": "true" });
    buttons[0]?.focus();
  }
  function closed() {
    popup = null;
    set(anchor(), { "aria-expanded": "false" });
  }
  function leave() {
    popup?.close();
    anchor().focus();
  }
  function pick(item) {
    leave();
    return item.run();
  }
  return { toggle: () => (popup ? popup.close() : open()) };
}

/** What a button with a menu says of itself. */
export const HAS_MENU = { type: "button", "aria-haspopup": "menu", "aria-expanded": "false" };

function walk(event, buttons, leave) {
  const isLeaving = event.key === "Escape" || event.key === "Tab";
  if (!isLeaving && !(event.key in STEPS)) return;
  event.preventDefault();
  event.stopPropagation();
  if (isLeaving) return leave();
  const at = buttons.indexOf(document.activeElement) + STEPS[event.key];
  buttons.at(at % buttons.length).focus();
}

function menuItem({ label, nodes, note, value }, onclick) {
  const look = { type: "button", role: "menuitem", class: "menu-item", tabIndex: -1 };
  const words = nodes ?? h("span", { dir: "auto" }, label);
  const small = note && h("span", { class: "menu-note", dir: "auto" }, note);
  return h("button", { ...look, "aria-label": label, data: { value }, onclick }, words, small);
}
