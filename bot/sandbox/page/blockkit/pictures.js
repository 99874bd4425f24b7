/**
 * Images and context. A picture from elsewhere is not fetched, because nothing leaves the sandbox:
 * its description stands in its place.
 */

import { h, icon } from "../dom.js";
import { plainText, textNodes } from "./text.js";

/** The image block. */
export function image(block, viewer) {
  const title =
    block.title && h("div", { class: "image-title", dir: "auto" }, plainText(block.title));
  return h("figure", { class: "image" }, title, picture(block, viewer, "image-large"));
}

/** The context block: small words and pictures in a row. */
export function context(block, viewer) {
  return (block.elements ?? []).map((element) =>
    element.type === "image"
      ? picture(element, viewer, "image-small")
      : h("div", { class: "context-text" }, textNodes(element, viewer)),
  );
}

/** A picture, or its description where the address lies outside the sandbox. */
export function picture(spec, viewer, size) {
  const url = spec.image_url ?? spec.slack_file?.url ?? "";
  if (isLocal(url)) return h("img", { class: size, src: url, alt: spec.alt_text ?? "" });
  const label = spec.alt_text || "Picture";
  const words = size === "image-small" ? null : h("span", { dir: "auto" }, label);
  return h(
    "span",
    { class: `picture ${size}`, role: "img", "aria-label": label, title: label },
    icon("image"),
    words,
  );
}

function isLocal(url) {
  return url.startsWith("data:image/") || (url !== "" && sameOrigin(url));
}

function sameOrigin(url) {
  try {
    return new URL(url, location.href).origin === location.origin;
  } catch {
    return false;
  }
}
