/** One line of mrkdwn as DOM nodes: *bold*, _italic_, ~strike~, `code`, entities and :emoji:. */

import { h } from "../dom.js";
import { emojiFor, withReadableEmoji } from "./emoji.js";
import { entity, link, unescapeText } from "./entities.js";

const ATOM =
  /`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+'-]+):(?::skin-tone-\d:)?|(https?:\/\/[^\s<>|]*[^\s<>|.,;:!?'")\]*_~])/g;
const OPEN = "\uE000";
const SHUT = "\uE001";
const HELD = /\uE000(\d+)\uE001/;
const MARK =
  /(^|[^\p{L}\p{N}*_~])([*_~])((?!\2)\S|(?!\2)\S(?:(?!\2).)*?(?!\2)\S)\2(?![\p{L}\p{N}])/u;
const TAGS = { "*": "strong", _: "em", "~": "s" };

/** The nodes of one line of mrkdwn. */
export function inline(text, viewer) {
  const atoms = [];
  const clean = text.replace(/[\uE000\uE001]/g, "");
  const held = clean.replace(ATOM, (whole, ...found) => {
    const node = atom(found, viewer, { first: startsLine(clean, found.at(-2)) });
    return node ? `${OPEN}${atoms.push(node) - 1}${SHUT}` : whole;
  });
  return emphasised(held, atoms);
}

/** Plain text with its emoji, as one string. */
export function plain(text) {
  return words(text).replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emojiFor(name) ?? whole);
}

function atom([code, angle, emoji, url], viewer, options) {
  if (code !== undefined) return h("code", {}, unescapeText(code));
  if (angle !== undefined) return entity(angle, viewer, options);
  if (url !== undefined) return link(unescapeText(url));
  const character = emojiFor(emoji);
  return character && h("span", { class: "emoji", title: `:${emoji}:` }, character);
}

function startsLine(text, offset) {
  return /^[\s*_~>•]*$/.test(text.slice(0, offset).replaceAll("&gt;", ""));
}

function emphasised(text, atoms) {
  const match = MARK.exec(text);
  if (!match) return leaf(text, atoms);
  const [whole, before, mark, inside] = match;
  const start = match.index + before.length;
  return [
    ...leaf(text.slice(0, start), atoms),
    h(TAGS[mark], {}, emphasised(inside, atoms)),
    ...emphasised(text.slice(match.index + whole.length), atoms),
  ];
}

function leaf(text, atoms) {
  return text
    .split(HELD)
    .map((piece, index) => (index % 2 ? atoms[Number(piece)] : words(piece)))
    .filter((piece) => piece !== "");
}

function words(text) {
  return withReadableEmoji(unescapeText(text));
}
