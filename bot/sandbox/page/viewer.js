/** One person at the page: who reads, in which zone, and how they ask, answer and are asked. */

import { post, upload } from "./api.js";
import { wall } from "./time.js";

/**
 * Builds a viewer. `desk` is what all share (clock, directory); `ask(confirmation)` shows a
 * question over the person's pane and answers yes or no.
 */
export function createViewer(desk, personId, { ask }) {
  const viewer = { me: desk.person(personId) ?? { id: personId, tz: "UTC" }, channels: [], shortcuts: [] };
  const ticking = new Set();
  const unwatch = desk.clock.watch(() => tick(ticking));
  return Object.defineProperty(
    Object.assign(viewer, {
      now: desk.clock.now,
      person: (id) => (id === viewer.me.id ? viewer.me : desk.person(id)),
      everyone: desk.everyone,
      bot: desk.bot,
      confirm: (question) => ask(question, viewer),
      channelName: (id) => viewer.channels.find((channel) => channel.id === id)?.name ?? null,
      channelIds: () => viewer.channels.map(({ id }) => id),
      shortcutsOf: (wanted) => viewer.shortcuts.filter(({ type }) => type === wanted),
      upload: (file) => upload({ as: personId }, file),
      send: (path, body) => post(path, { as: personId, ...body }),
      /** What decides how instants and names read; when it changes, text is drawn anew. */
      sight: () => `${viewer.tz} ${wall(viewer.now(), viewer.tz).date} ${desk.names()}`,
      keepMoving: (el, draw) => ticking.add({ el: new WeakRef(el), draw }),
      end: unwatch,
    }),
    "tz",
    { get: () => viewer.me.tz || "UTC" },
  );
}

function tick(ticking) {
  for (const moving of ticking) {
    const el = moving.el.deref();
    if (el) moving.draw(el);
    else ticking.delete(moving);
  }
}
