/** A small panel anchored to an element, above everything, that closes when one looks elsewhere. */

import { h } from "./dom.js";

const GAP = 4;
const EDGE = 8;

/**
 * Opens `content` at `anchor`; answers `{close, place}`. The keyboard stays with the anchor
 * unless the content takes it.
 */
export function openPopup(anchor, content, { onClose, align = "stretch" }) {
  const el = h("div", { class: "popup", data: { testid: "popup" } }, content);
  const spot = () => place(el, anchor, align);
  const outside = (event) => {
    if (!el.contains(event.target) && !anchor.contains(event.target)) close();
  };
  function close() {
    if (!el.isConnected) return;
    el.remove();
    window.removeEventListener("resize", spot);
    window.removeEventListener("scroll", spot, true);
    document.removeEventListener("pointerdown", outside, true);
    watcher.disconnect();
    onClose?.();
  }
  const watcher = new ResizeObserver(() => (anchor.isConnected ? spot() : close()));
  document.body.append(el);
  window.addEventListener("resize", spot);
  window.addEventListener("scroll", spot, true);
  document.addEventListener("pointerdown", outside, true);
  watcher.observe(anchor);
  watcher.observe(el);
  spot();
  return { close, place: spot, el };
}

function place(el, anchor, align) {
  const box = anchor.getBoundingClientRect();
  const width = align === "stretch" ? Math.max(box.width, 200) : Math.max(el.offsetWidth, 180);
  const below = innerHeight - box.bottom - GAP - EDGE;
  const above = box.top - GAP - EDGE;
  const upwards = below < Math.min(el.scrollHeight, 240) && above > below;
  const left = align === "end" ? box.right - width : box.left;
  Object.assign(el.style, {
    maxHeight: `${Math.max(120, Math.min(340, upwards ? above : below))}px`,
    left: `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`,
    top: upwards ? "auto" : `${box.bottom + GAP}px`,
    bottom: upwards ? `${innerHeight - box.top + GAP}px` : "auto",
  });
  if (align === "stretch") el.style.width = `${Math.min(width, innerWidth - 2 * EDGE)}px`;
}
