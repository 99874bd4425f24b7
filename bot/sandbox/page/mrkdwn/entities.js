/** What stands between angle brackets in Slack's text: people, places, links and dates. */

import { h, say } from "../dom.js";
import { longDay, timeOfDay } from "../time.js";
import { dateText, isMoving } from "./dates.js";

const SAFE_LINK = /^(https?:\/\/|mailto:|tel:)/i;
const DATE = /^!date\^(-?\d+)\^([^^|]*)(?:\^([^|]*))?(?:\|(.*))?$/s;

/** Turns `&amp;`, `&lt;` and `&gt;` back into what people wrote. */
export function unescapeText(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** A link that opens beside the sandbox; an unsafe address is shown as plain text. */
export function link(url, label = null) {
  const shown = label || url.replace(/^mailto:|^tel:/, "");
  if (!SAFE_LINK.test(url)) return document.createTextNode(shown);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", dir: "auto" }, shown);
}

/** A person's name as a mention, marked when it is the reader's own. */
export function personMention(id, viewer, label = null) {
  const name = viewer.person(id)?.real_name || label || id;
  const own = id === viewer.me.id ? " mention-own" : "";
  return h("span", { class: `mention${own}`, data: { userId: id }, dir: "auto" }, `@${name}`);
}

/** A channel's name as a mention. */
export function channelMention(id, viewer, label = null) {
  return h("span", { class: "mention" }, `#${label || viewer.channelName(id) || id}`);
}

/** A broadcast such as @here. */
export function broadcast(range) {
  return h("span", { class: "mention mention-own" }, `@${range}`);
}

/** An instant in the reader's zone, with the full date on hover. */
export function dateStamp(unix, format, viewer, { url = null, fallback = "", first = false } = {}) {
  const zone = { tz: viewer.tz, fallback, first };
  const at = new Date(Number(unix) * 1000);
  const title = Number.isFinite(at.getTime())
    ? `${longDay(at, viewer.tz)} at ${timeOfDay(at, viewer.tz)}`
    : null;
  const text = () => dateText(unix, format, { ...zone, now: viewer.now() });
  const el = h("time", { class: "stamp", title, data: { unix } }, unbroken(text()));
  if (isMoving(format)) viewer.keepMoving(el, (shown) => say(shown, text()));
  return url && SAFE_LINK.test(url) ? withLink(el, url) : el;
}

/** A time of day stays on one line. */
function unbroken(text) {
  return text
    .split(/(\d+:\d\d(?::\d\d)? [ap]m)/)
    .map((piece, index) => (index % 2 ? h("span", { class: "unbroken" }, piece) : piece));
}

function withLink(el, url) {
  const anchor = link(url, " ");
  anchor.replaceChildren(el);
  return anchor;
}

/** The node for the inside of `<…>`, or null where it is no entity at all. */
export function entity(inside, viewer, { first = false } = {}) {
  const [target, label] = splitLabel(inside);
  if (/^@[UW][A-Z0-9]*$/.test(target)) return personMention(target.slice(1), viewer, label);
  if (/^#C[A-Z0-9]*$/.test(target)) return channelMention(target.slice(1), viewer, label);
  if (target.startsWith("!")) return special(inside, target, viewer, { label, first });
  return SAFE_LINK.test(target) ? link(unescapeText(target), label) : null;
}

function special(inside, target, viewer, { label, first }) {
  const date = DATE.exec(inside);
  if (date) {
    const [, unix, format, url, fallback] = date;
    const plain = unescapeText(fallback ?? "");
    return dateStamp(unix, unescapeText(format), viewer, { url, fallback: plain, first });
  }
  if (/^!(here|channel|everyone)$/.test(target)) return broadcast(target.slice(1));
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, label || "@group");
  return label ? document.createTextNode(label) : null;
}

function splitLabel(inside) {
  const bar = inside.indexOf("|");
  if (bar < 0) return [inside, null];
  return [inside.slice(0, bar), unescapeText(inside.slice(bar + 1))];
}
