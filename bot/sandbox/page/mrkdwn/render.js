/** Slack's mrkdwn as DOM: paragraphs, quotes, list lines and preformatted text. Never markup. */

import { h } from "../dom.js";
import { unescapeText } from "./entities.js";
import { inline } from "./inline.js";

const QUOTE = /^(?:&gt;|>) ?/;
const QUOTE_REST = /^(?:&gt;|>){3} ?/;
const ITEM = /^(\s*)([•◦▪‣-]|\d{1,3}[.)])\s+(.*)$/s;

/** The nodes of a whole mrkdwn text, read by one person. */
export function mrkdwn(text, viewer) {
  const pieces = fenced(text ?? "");
  return pieces.flatMap((piece, index) =>
    index % 2 ? [preformatted(piece)] : prose(trimAround(piece, index, pieces), viewer),
  );
}

function fenced(text) {
  const pieces = text.split("```");
  if (pieces.length % 2) return pieces;
  const unclosed = pieces.splice(-2).join("```");
  return [...pieces, unclosed];
}

function preformatted(text) {
  return h("pre", {}, unescapeText(text.replace(/^\n/, "").replace(/\n$/, "")));
}

function trimAround(piece, index, pieces) {
  const start = index > 0 ? piece.replace(/^\n/, "") : piece;
  return index < pieces.length - 1 ? start.replace(/\n$/, "") : start;
}

function prose(text, viewer) {
  if (!text) return [];
  const nodes = [];
  const lines = text.split("\n");
  while (lines.length) nodes.push(next(lines, viewer));
  return nodes;
}

function next(lines, viewer) {
  if (QUOTE_REST.test(lines[0])) {
    const rest = lines.splice(0).join("\n").replace(QUOTE_REST, "");
    return h("blockquote", {}, prose(rest, viewer));
  }
  if (QUOTE.test(lines[0])) {
    const quoted = lines.splice(
      0,
      countWhile(lines, (line) => QUOTE.test(line)),
    );
    return h("blockquote", {}, prose(quoted.map((l) => l.replace(QUOTE, "")).join("\n"), viewer));
  }
  return line(lines.shift(), viewer);
}

function countWhile(lines, test) {
  const end = lines.findIndex((one) => !test(one));
  return end < 0 ? lines.length : end;
}

function line(text, viewer) {
  if (!text.trim()) return h("div", { class: "line line-blank" });
  const item = ITEM.exec(text);
  if (!item) return h("div", { class: "line", dir: "auto" }, inline(text, viewer));
  const [, indent, marker, rest] = item;
  const el = h("div", { class: "line line-item", dir: "auto" });
  el.style.setProperty("--depth", String(Math.min(5, Math.floor(indent.length / 2))));
  el.append(h("span", { class: "line-marker" }, `${marker} `), h("span", {}, inline(rest, viewer)));
  return el;
}
