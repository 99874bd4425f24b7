/** Buttons, also those that open a link. */

import { fill, h, set } from "../dom.js";
import { plainText } from "./text.js";

const STYLES = { primary: "btn-primary", danger: "btn-danger" };

/** Builds a button; pressing it sends its value, after a confirmation where one is asked for. */
export function button(first, seat) {
  let spec = first;
  const el = h("button", { type: "button", data: seat.hooks, onclick: press });
  async function press() {
    if (el.getAttribute("aria-busy") === "true" || !(await seat.confirm())) return;
    if (/^https?:\/\//i.test(spec.url ?? ""))
      window.open(spec.url, "_blank", "noopener,noreferrer");
    set(el, { "aria-busy": "true" });
    await seat.send({ value: spec.value ?? null, text: spec.text });
    set(el, { "aria-busy": null });
  }
  const update = (next) => {
    spec = next;
    set(el, {
      class: `btn ${STYLES[spec.style] ?? ""}`,
      "aria-label": spec.accessibility_label ?? null,
      title: spec.url ?? null,
    });
    fill(el, h("span", { class: "btn-text", dir: "auto" }, plainText(spec.text)));
  };
  update(first);
  return { el, input: el, update, focus: () => el.focus() };
}
