/**
 * The page's DOM vocabulary: nodes are built, never parsed from strings, and lists are patched by
 * key, so that whatever is being typed, chosen or focused stays where it is.
 */

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "multiple", "tabIndex"]);

/** Builds one element from its tag, properties and children; empty children are left out. */
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  set(el, props);
  el.append(...present(children));
  return el;
}

/** Builds one element of a drawing; empty children are left out. */
export function s(tag, attributes = {}, ...children) {
  const el = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(el, name, value);
  el.append(...present(children));
  return el;
}

/** Sets attributes, properties, data and listeners on an element. */
export function set(el, props) {
  for (const [name, value] of Object.entries(props)) setOne(el, name, value);
  return el;
}

function setOne(el, name, value) {
  if (name === "class") el.className = value;
  else if (name === "data") setData(el, value);
  else if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
  else if (PROPERTIES.has(name)) el[name] = value;
  else setAttribute(el, name, value);
}

function setAttribute(el, name, value) {
  const flag = typeof value === "boolean" && !name.startsWith("aria-");
  if (value === null || value === undefined || (flag && !value)) el.removeAttribute(name);
  else if (el.getAttribute(name) !== String(value)) el.setAttribute(name, flag ? "" : value);
}

function setData(el, entries) {
  for (const [name, value] of Object.entries(entries)) {
    if (value !== null && value !== undefined) el.dataset[name] = value;
  }
}

function present(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false);
}

/** Replaces an element's children by the given ones. */
export function fill(el, ...children) {
  el.replaceChildren(...present(children));
  return el;
}

/** Sets an element's text only when it differs, so that a screen reader stays quiet. */
export function say(el, text) {
  if (el.textContent !== text) el.textContent = text;
  return el;
}

/**
 * A list kept in step with data: parts whose key stays are updated in place, never rebuilt.
 * `create(item)` answers `{el, update?(item), end?()}`.
 */
export function keyedList(parent, { key, create }) {
  let parts = new Map();
  return (items) => {
    const next = new Map();
    for (const [index, item] of items.entries()) {
      const name = freeKey(next, String(key(item, index)));
      const part = parts.get(name);
      part?.update?.(item);
      next.set(name, part ?? create(item));
    }
    drop(parts, next);
    place(parent, next);
    parts = next;
    return [...next.values()];
  };
}

function freeKey(taken, name) {
  return taken.has(name) ? freeKey(taken, `${name}+`) : name;
}

function drop(parts, next) {
  for (const [name, part] of parts) {
    if (next.has(name)) continue;
    part.end?.();
    part.el.remove();
  }
}

function place(parent, parts) {
  let cursor = parent.firstChild;
  for (const { el } of parts.values()) {
    if (el === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(el, cursor);
  }
}

const ICONS = {
  chevron: "M5 8l5 5 5-5",
  close: "M5 5l10 10M15 5L5 15",
  back: "M12 5l-5 5 5 5",
  send: "M3.5 10L16.5 4.5 12.5 16 9.5 11z",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 8a2 2 0 100 4 2 2 0 000-4z",
  home: "M3.5 9.5L10 4l6.5 5.5M5.5 8.5V16h9V8.5",
  chat: "M4 4.5h12v9H9l-3.5 3v-3H4z",
  hash: "M8 4L6.5 16M13.5 4L12 16M4.5 8h12M3.5 12h12",
  search: "M9 4a5 5 0 100 10A5 5 0 009 4zM12.8 12.8L16.5 16.5",
  bolt: "M11 2.5L4.5 11.5H9.5L8.5 17.5L15.5 8.5H10.5z",
  check: "M4.5 10.5l4 4 7-9",
  file: "M6 3.5h5.5L15 7v9.5H6zM11.5 3.5V7H15",
  clock: "M10 3.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM10 6.5V10l2.5 2",
  panes: "M3.5 4.5h13v11h-13zM10 4.5v11",
  image: "M3.5 4.5h13v11h-13zM3.5 13l4-4 3 3 2-2 4 4M13 7.5h.01",
};

/** A line icon, hidden from screen readers: the words beside it carry the meaning. */
export function icon(name) {
  const look = { viewBox: "0 0 20 20", "aria-hidden": "true", class: "icon" };
  return s("svg", look, s("path", { d: ICONS[name] }));
}

/** A counter of ids that are unique on the page. */
export const freshId = (
  (n) => (stem) =>
    `${stem}-${(n += 1)}`
)(0);
