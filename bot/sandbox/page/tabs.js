/** The tabs of a pane: Home, Messages and #general, with what is unread. */

import { fill, h, icon, say, set } from "./dom.js";
import { avatar, nameOf } from "./people.js";

const TABS = [
  { name: "home", words: "Home", picture: "home" },
  { name: "messages", words: "Messages", picture: "chat" },
  { name: "general", words: "#general", picture: "hash" },
];
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** Builds the tabs over their panels; `onPick(name)` is told of a choice. */
export function createTabs(panels, slot, { bot, onPick }) {
  const tabs = TABS.map((tab) => createTab(tab, slot, onPick));
  const strip = h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "Views", onkeydown: walk },
    tabs.map(({ el }) => el),
  );
  const app = h("div", { class: "tabs-app", dir: "auto" }, avatar(bot, "avatar-tiny"), nameOf(bot));
  const sheets = TABS.map(({ name }) => sheet(name, slot));
  function walk(event) {
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    const at = tabs.findIndex(({ el }) => el.getAttribute("aria-selected") === "true");
    const next = tabs.at((at + STEPS[event.key]) % tabs.length);
    onPick(next.name);
    next.el.focus();
  }
  return {
    el: h("div", { class: "pane-body" }, h("div", { class: "tabs-row" }, app, strip), sheets),
    turn(name) {
      for (const tab of tabs) tab.select(tab.name === name);
      for (const one of sheets) {
        one.hidden = one.dataset.sheet !== name;
        fill(one, one.hidden ? null : panels[name].el);
      }
    },
    unread(talks) {
      for (const tab of tabs) tab.unread(talks[tab.name]?.unread ?? 0);
    },
    focus: () => tabs.find(({ el }) => el.tabIndex === 0)?.el.focus(),
  };
}

function sheet(name, slot) {
  return h("div", {
    class: `sheet sheet-${name}`,
    role: "tabpanel",
    id: `${slot}-sheet-${name}`,
    "aria-labelledby": `${slot}-tab-${name}`,
    data: { sheet: name },
    hidden: true,
  });
}

function createTab({ name, words, picture }, slot, onPick) {
  const count = h("span", { "aria-hidden": "true" });
  const heard = h("span", { class: "visually-hidden" });
  const testid = name === "messages" ? "unread-badge" : `unread-badge-${name}`;
  const badge = h("span", { class: "badge", hidden: true, data: { testid } }, count);
  const el = h(
    "button",
    {
      type: "button",
      class: "tab",
      role: "tab",
      id: `${slot}-tab-${name}`,
      "aria-controls": `${slot}-sheet-${name}`,
      data: { testid: `tab-${name}` },
      onclick: () => onPick(name),
    },
    icon(picture),
    h("span", { class: "tab-words" }, words),
    badge,
    heard,
  );
  return {
    name,
    el,
    select: (isOn) => set(el, { "aria-selected": String(isOn), tabIndex: isOn ? 0 : -1 }),
    unread(number) {
      badge.hidden = number === 0;
      say(count, number ? String(number) : "");
      say(heard, number ? `, ${number} unread` : "");
    },
  };
}
