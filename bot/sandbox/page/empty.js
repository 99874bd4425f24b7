/** What stands where there is nothing yet: a picture and a warm sentence or two. */

import { h, icon } from "./dom.js";

/** Builds an empty state. */
export function emptyState(picture, heading, words) {
  return h(
    "div",
    { class: "empty" },
    h("span", { class: "empty-picture" }, icon(picture)),
    h("p", { class: "empty-heading" }, heading),
    h("p", { class: "empty-words" }, words),
  );
}
