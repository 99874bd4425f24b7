/** The rich_text block: sections, lists, quotes and preformatted text. */

import { h } from "../dom.js";
import { emojiFor, withReadableEmoji } from "../mrkdwn/emoji.js";
import { broadcast, channelMention, dateStamp, link, personMention } from "../mrkdwn/entities.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

const BLOCKS = {
  rich_text_section: (part, viewer) =>
    h("div", { class: "line", dir: "auto" }, run(part.elements, viewer)),
  rich_text_quote: (part, viewer) => h("blockquote", { dir: "auto" }, run(part.elements, viewer)),
  rich_text_preformatted: (part, viewer) => h("pre", {}, run(part.elements, viewer)),
  rich_text_list: list,
};

const INLINE = {
  text: (node) => document.createTextNode(withReadableEmoji(node.text ?? "")),
  link: (node) => link(node.url, node.text),
  user: (node, viewer) => personMention(node.user_id, viewer),
  channel: (node, viewer) => channelMention(node.channel_id, viewer),
  broadcast: (node) => broadcast(node.range),
  usergroup: () => h("span", { class: "mention" }, "@group"),
  emoji: (node) => document.createTextNode(emojiFor(node.name) ?? `:${node.name}:`),
  color: (node) => h("code", {}, node.value),
  date: (node, viewer) =>
    dateStamp(node.timestamp, node.format, viewer, { url: node.url, fallback: node.fallback }),
};

/** The nodes of a rich_text block. */
export function richText(block, viewer) {
  return (block.elements ?? []).map((part) =>
    (BLOCKS[part.type] ?? BLOCKS.rich_text_section)(part, viewer),
  );
}

function list(part, viewer) {
  const items = (part.elements ?? []).map((item) =>
    h("li", { dir: "auto" }, run(item.elements, viewer)),
  );
  const start = part.offset ? part.offset + 1 : null;
  const el = h(part.style === "ordered" ? "ol" : "ul", { class: "rich-list", start }, items);
  el.style.setProperty("--depth", String(part.indent ?? 0));
  return el;
}

function run(elements, viewer) {
  return (elements ?? []).map((node) => styled(node, viewer));
}

function styled(node, viewer) {
  const make = INLINE[node.type] ?? (() => document.createTextNode(node.text ?? ""));
  const marks = Object.keys(STYLES).filter((name) => node.style?.[name]);
  return marks.reduce((inner, name) => h(STYLES[name], {}, inner), make(node, viewer));
}
