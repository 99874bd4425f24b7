/**
 * Images and context. A picture from elsewhere is not fetched, because nothing leaves the sandbox:
 * its description stands in its place.
 */

import { h, icon } from "../dom.js";
import { plainText, textNodes } from "./text.js";

const LOOPBACK = ["127.0.0.1", "localhost"];

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
  const src = sourceOf(spec);
  if (src) return shown(src, spec, size);
  const label = spec.alt_text || "Picture";
  const words = size === "image-small" ? null : h("span", { dir: "auto" }, label);
  return h(
    "span",
    { class: `picture ${size}`, role: "img", "aria-label": label, title: label },
    icon("image"),
    words,
  );
}

function shown(src, spec, size) {
  const img = h("img", { class: size, src, alt: spec.alt_text ?? "" });
  if (size !== "image-large") return img;
  const look = { href: src, target: "_blank", rel: "noopener noreferrer" };
  return h("a", { ...look, class: "image-link", title: "Open in full size" }, img);
}

/** Where the picture is within the sandbox, or nothing for one from elsewhere. */
function sourceOf({ src, image_url: url = "" }) {
  if (src) return src;
  if (!URL.canParse(url)) return null;
  const { hostname, port, pathname, search } = new URL(url);
  const isOurs = [location.hostname, ...LOOPBACK].includes(hostname) && port === location.port;
  return isOurs ? `${pathname}${search}` : null;
}
