/** One pane: whoever acts in it, and the session that shows what they see. */

import { fill, h } from "./dom.js";
import { Session } from "./session.js";

const NAMES = { a: "First person", b: "Second person" };

/** Builds a pane; `show(personId, tab)` puts a person into it, an empty id hides it. */
export function createPane(slot, desk, hooks) {
  const data = { testid: `pane-${slot}` };
  const el = h("section", { class: `pane pane-${slot}`, "aria-label": NAMES[slot], data });
  let session = null;
  let shown = "";

  function seat(personId, tab) {
    const refocus = el.contains(document.activeElement);
    session?.end();
    session = personId ? new Session(personId, desk, { ...hooks, slot, tab }) : null;
    fill(el, session?.el);
    shown = personId;
    if (refocus) session?.picker.el.focus();
  }
  return {
    el,
    show(personId, tab) {
      el.hidden = !personId;
      if (personId !== shown) seat(personId, tab);
      else session?.turn(tab);
    },
    seen: () => session?.seen(),
    focus: () => session?.focus(),
  };
}
