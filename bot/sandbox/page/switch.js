/** On a narrow screen: which of the two people is in front. */

import { fill, h, set } from "./dom.js";
import { avatar, nameOf } from "./people.js";
import { dayAndTime, wall } from "./time.js";

const SLOTS = ["a", "b"];

/** Builds the switch; `onPick(slot)` is told which pane to bring forward. */
export function createSwitch(desk, onPick) {
  const counts = { a: 0, b: 0 };
  let shown = { a: "", b: "", front: "a" };
  let drawnAt = "";
  const sides = SLOTS.map((slot) => sideButton(slot, onPick));
  const el = h("div", { class: "switch", role: "group", "aria-label": "Person in front" }, sides);
  const minute = () => wall(desk.clock.now(), "UTC").time;
  function draw(choice = shown) {
    shown = choice;
    drawnAt = minute();
    el.hidden = !choice.b;
    for (const [index, slot] of SLOTS.entries()) {
      const isFront = choice.front === slot;
      const waiting = isFront ? 0 : counts[slot];
      set(sides[index], { "aria-pressed": String(isFront) });
      fill(sides[index], face(desk.person(choice[slot]), desk.clock.now()), badge(waiting));
    }
  }
  function unread(slot, count) {
    counts[slot] = count;
    draw();
  }
  desk.clock.watch(() => minute() !== drawnAt && draw());
  return { el, draw, unread };
}

function sideButton(slot, onPick) {
  const data = { testid: `switch-${slot}` };
  const onclick = () => onPick(slot);
  return h("button", { type: "button", class: "switch-side", data, onclick });
}

function face(person, now) {
  if (!person) return null;
  const name = h("span", { class: "switch-name", dir: "auto" }, nameOf(person));
  const time = h("span", { class: "switch-time" }, dayAndTime(now, person.tz));
  return [avatar(person, "avatar-tiny"), h("span", { class: "switch-words" }, name, time)];
}

function badge(count) {
  if (!count) return null;
  const heard = h("span", { class: "visually-hidden" }, " unread");
  return h("span", { class: "badge" }, String(count), heard);
}
