/** One message: who wrote it and when, its text or blocks, and the live elements in it. */

import { fill, h, icon, say, set } from "./dom.js";
import { createActor } from "./acting.js";
import { attachments } from "./attachments.js";
import { createSurface } from "./blockkit/surface.js";
import { mrkdwn } from "./mrkdwn/render.js";
import { avatar, nameOf } from "./people.js";
import { messageMenu } from "./shortcuts.js";
import { longDay, timeOfDay } from "./time.js";

/** Builds a message row; `update(item)` brings it up to date without losing what was typed in it. */
export function createMessage(first, viewer, { conversation, refresh, complain }) {
  let seen = null;
  const { ts } = first.message;
  const container = () => ({ type: "message", conversation: conversation(), ts });
  const actor = createActor(viewer, container, { refresh, complain });
  const more = messageMenu(viewer, ts, { conversation, refresh, complain });
  const surface = createSurface({ viewer, kind: "message", ...actor });
  const parts = frame(ts, surface, more);
  function update(item) {
    const { message, fresh } = item;
    set(parts.el, { class: classes(item), "data-ephemeral": Boolean(message.ephemeral) });
    more.hidden = message.ephemeral || viewer.shortcutsOf("message").length === 0;
    const sight = `${viewer.sight()} ${JSON.stringify(item)}`;
    if (sight === seen) return;
    seen = sight;
    parts.privacy.hidden = !message.ephemeral;
    parts.edited.hidden = !message.edited;
    fill(parts.face, avatar(message.author, "avatar-message"), stamp(message, viewer));
    fill(parts.head, headline(message, viewer, fresh));
    body(message);
  }
  function body({ text, blocks, files }) {
    const hasBlocks = Boolean(blocks?.length);
    parts.text.hidden = hasBlocks || !text;
    surface.el.hidden = !hasBlocks;
    if (!hasBlocks) fill(parts.text, mrkdwn(text ?? "", viewer));
    surface.render(blocks ?? []);
    fill(parts.files, attachments(files ?? []));
    parts.files.hidden = !files?.length;
  }
  update(first);
  return { el: parts.el, update };
}

function frame(ts, surface, more) {
  const parts = {
    face: h("div", { class: "message-face" }),
    privacy: h("div", { class: "message-private" }, icon("eye"), "Only visible to you"),
    head: h("div", { class: "message-head" }),
    text: h("div", { class: "message-text" }),
    files: h("div", { class: "message-files" }),
    edited: h("span", { class: "message-edited" }, "(edited)"),
  };
  const { face, privacy, head, text, files, edited } = parts;
  const inside = [privacy, head, text, surface.el, edited, files];
  const main = h("div", { class: "message-main" }, inside);
  const data = { testid: "message", ts };
  return { ...parts, el: h("article", { class: "message", data }, face, main, more) };
}

function classes({ message, follows, fresh }) {
  const names = ["message"];
  if (follows) names.push("is-follow");
  if (fresh) names.push("is-fresh");
  if (message.ephemeral) names.push("is-private");
  return names.join(" ");
}

function headline({ author, sent_at: sentAt }, viewer, fresh) {
  const dot =
    fresh &&
    h("span", { class: "dot", title: "New" }, h("span", { class: "visually-hidden" }, "New"));
  return [
    h("span", { class: "message-author", dir: "auto" }, nameOf(author)),
    author?.is_bot && h("span", { class: "app-badge" }, "App"),
    time(sentAt, viewer),
    dot,
  ];
}

function stamp({ sent_at: sentAt }, viewer) {
  const el = time(sentAt, viewer);
  el.classList.add("message-stamp");
  set(el, { "aria-hidden": "true" });
  return say(el, el.textContent.replace(/ [ap]m$/, ""));
}

function time(sentAt, { tz }) {
  const at = new Date(sentAt);
  const title = `${longDay(at, tz)} at ${timeOfDay(at, tz, "seconds")}`;
  return h("time", { class: "message-time", datetime: sentAt, title }, timeOfDay(at, tz));
}
