/** Keeps the newest message in sight, unless the person has scrolled back. */

import { h, icon } from "./dom.js";

const NEAR_END_PX = 48;

/** Watches a scroller; `expect(isMore)` says that something new is about to be shown. */
export function createTail(scroller, rows) {
  let isStuck = true;
  let isMore = false;
  const look = { type: "button", class: "to-end", hidden: true };
  const el = h("button", { ...look, onclick: stick }, "New messages", icon("chevron"));
  scroller.addEventListener("scroll", () => {
    if (scroller.clientHeight) isStuck = isNearEnd(scroller);
    if (isStuck) el.hidden = true;
  });
  const watcher = new ResizeObserver(follow);
  watcher.observe(scroller);
  watcher.observe(rows);
  function follow() {
    if (isStuck) scroller.scrollTop = scroller.scrollHeight;
    el.hidden = isStuck || (!isMore && el.hidden);
    isMore = false;
  }
  function stick() {
    isStuck = true;
    follow();
  }
  return { el, follow, stick, expect: (more) => (isMore ||= more) };
}

function isNearEnd({ scrollHeight, scrollTop, clientHeight }) {
  return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
}
