/** The Home tab: the view that the app published for this person. */

import { fill, h } from "./dom.js";
import { createActor } from "./acting.js";
import { createSurface } from "./blockkit/surface.js";
import { emptyState } from "./empty.js";

/** Builds the Home tab; opening it tells the app, as in Slack. */
export function createHome(viewer, { refresh, complain }) {
  let view = null;
  const container = () => ({ type: "view", view_id: view?.id });
  const actor = createActor(viewer, container, { refresh, complain });
  const surface = createSurface({ viewer, kind: "home", ...actor });
  const empty = h("div", { class: "empty-holder", hidden: true });
  const name = viewer.bot?.name ?? "The app";
  fill(
    empty,
    emptyState(
      "home",
      `${name} is getting your home ready.`,
      "It appears here as soon as the app publishes it.",
    ),
  );
  return {
    el: h("div", { class: "home", data: { testid: "home" } }, surface.el, empty),
    render(next) {
      view = next;
      surface.render(view?.blocks ?? [], { saved: view?.state?.values });
      surface.el.hidden = !view?.blocks?.length;
      empty.hidden = Boolean(view?.blocks?.length);
    },
    async open() {
      await viewer.send("home", {}).catch(complain);
      refresh();
    },
  };
}
