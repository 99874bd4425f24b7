/** The rows of a conversation: messages, a heading for each day, and the line above what is new. */

import { h } from "./dom.js";
import { createMessage } from "./message.js";
import { dayHeading, wall } from "./time.js";

const SAME_BREATH_MS = 5 * 60 * 1000;

/** The rows for messages in order; `line` is where the new ones begin, `fresh` which are new. */
export function rowsOf(messages, { viewer, line, fresh }) {
  const rows = [];
  let before = null;
  for (const message of messages) {
    const at = new Date(message.sent_at);
    const day = wall(at, viewer.tz).date;
    const isNewDay = day !== before?.day;
    const isLine = message.ts === line;
    if (isNewDay) rows.push({ key: `day ${day}`, words: dayHeading(at, viewer.tz, viewer.now()) });
    if (isLine) rows.push({ key: "new", words: "New" });
    const follows = !isNewDay && !isLine && isSameBreath(before, message, at);
    rows.push({ key: `message ${message.ts}`, message, follows, fresh: fresh.has(message.ts) });
    before = { day, at, message };
  }
  return rows;
}

function isSameBreath({ message, at }, next, nextAt) {
  const isSameHand = message.author?.id === next.author?.id;
  return isSameHand && message.ephemeral === next.ephemeral && nextAt - at < SAME_BREATH_MS;
}

/** Builds one row. */
export function createRow(item, viewer, hooks) {
  if (item.message) return createMessage(item, viewer, hooks);
  const label = h("span", {}, item.words);
  const kind = item.key === "new" ? "divider-new" : "divider-day";
  const el = h("div", { class: `divider ${kind}`, role: "separator" }, label);
  return { el, update: (next) => (label.textContent = next.words) };
}
