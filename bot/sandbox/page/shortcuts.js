/** The app's shortcuts: in the menu of a message, and in a list behind a bolt of lightning. */

import { h, icon } from "./dom.js";
import { createMenu, HAS_MENU } from "./menu.js";

/** The button of one message; `place()` names its conversation. It is hidden where there is nothing to offer. */
export function messageMenu(viewer, ts, { conversation, refresh, complain }) {
  const items = () =>
    viewer.shortcutsOf("message").map((shortcut) => ({
      ...itemOf(shortcut, viewer),
      run: () => take(shortcut, { conversation: conversation(), ts }),
    }));
  const take = (shortcut, where) => send(viewer, { shortcut, where, refresh, complain });
  const menu = createMenu(() => el, items);
  const words = "More message actions";
  const look = { ...HAS_MENU, class: "message-more", "aria-label": words, title: words };
  const data = { testid: "message-more" };
  const el = h("button", { ...look, data, onclick: menu.toggle }, icon("more"));
  return el;
}

/** The button with the shortcuts that are for anywhere; call `draw` when they may have changed. */
export function globalMenu(viewer, look, { refresh, complain }) {
  const items = () =>
    viewer.shortcutsOf("global").map((shortcut) => ({
      ...itemOf(shortcut, viewer),
      note: shortcut.description || viewer.bot?.name,
      run: () => send(viewer, { shortcut, where: {}, refresh, complain }),
    }));
  const menu = createMenu(() => el, items);
  const says = { "aria-label": "Shortcuts", title: "Shortcuts" };
  const data = { testid: "shortcuts" };
  const props = { ...HAS_MENU, ...look, ...says, data, onclick: menu.toggle };
  const el = h("button", props, icon("bolt"));
  const draw = () => (el.hidden = viewer.shortcutsOf("global").length === 0);
  draw();
  return { el, draw };
}

function itemOf({ name, callback_id: value }, viewer) {
  return { label: name, value, note: viewer.bot?.name };
}

async function send(viewer, { shortcut, where, refresh, complain }) {
  const chosen = { callback_id: shortcut.callback_id, ...where };
  await viewer.send("shortcut", chosen).catch(complain);
  await refresh();
}
