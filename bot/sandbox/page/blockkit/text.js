/** Text objects of Block Kit as DOM nodes. */

import { h } from "../dom.js";
import { plain } from "../mrkdwn/inline.js";
import { mrkdwn } from "../mrkdwn/render.js";

/** The nodes of a text object, `mrkdwn` or `plain_text`. */
export function textNodes(text, viewer) {
  if (!text) return [];
  if (text.type === "mrkdwn") return mrkdwn(text.text, viewer);
  return [h("span", { class: "plain", dir: "auto" }, plainText(text))];
}

/** A text object's words as one string. */
export function plainText(text) {
  return text ? plain(text.text ?? "") : "";
}
