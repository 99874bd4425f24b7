/** Buttons, also those that open a link. */

import { h, say, set } from "../dom.js";
import { plainText } from "./text.js";

const STYLES = { primary: "btn-primary", danger: "btn-danger" };

/** Builds a button; pressing it sends its value, after a confirmation where one is asked for. */
export function button(first, seat) {
  let spec = first;
  let onItsWay = null;
  const words = h("span", { class: "btn-text", dir: "auto" });
  const el = h("button", { type: "button", data: seat.hooks, onclick: press }, words);
  async function press() {
    const meant = spec;
    if (onItsWay === meant || !(await seat.confirm())) return;
    if (/^https?:\/\//i.test(meant.url ?? ""))
      window.open(meant.url, "_blank", "noopener,noreferrer");
    wait(meant);
    await seat.send({ value: meant.value ?? null, text: meant.text });
    if (onItsWay === meant) wait(null);
  }
  /** A press is not made twice at once; a button that means something else by now is free. */
  function wait(meant) {
    onItsWay = meant;
    set(el, { "aria-busy": meant && "true" });
  }
  const update = (next) => {
    spec = next;
    wait(null);
    set(el, {
      class: `btn ${STYLES[spec.style] ?? ""}`,
      "aria-label": spec.accessibility_label ?? null,
      title: spec.url ?? null,
    });
    say(words, plainText(spec.text));
  };
  update(first);
  return { el, input: el, update, focus: () => el.focus() };
}
