/** People as the page shows them: a picture made of initials, and what is special about them. */

import { h } from "./dom.js";
import { timeOfDay, zoneCity } from "./time.js";

const COLOURS = [
  "#7a3e9d",
  "#1264a3",
  "#0b6e4f",
  "#a8471b",
  "#9c2459",
  "#3f5b8c",
  "#5d6b17",
  "#7c4a2d",
];

/** A square with a person's initials on their colour. */
export function avatar(person, size = "avatar-small") {
  const name = person?.real_name || person?.name || "?";
  const el = h(
    "span",
    { class: `avatar ${size}`, "aria-hidden": "true" },
    person?.avatar?.initials || initials(name),
  );
  el.style.backgroundColor = colourOf(person, name);
  return el;
}

function colourOf(person, name) {
  const given = person?.avatar?.colour ?? "";
  if (/^#?[0-9a-f]{6}$/i.test(given)) return given.startsWith("#") ? given : `#${given}`;
  const sum = [...(person?.id ?? name)].reduce((total, letter) => total + letter.codePointAt(0), 0);
  return COLOURS[sum % COLOURS.length];
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : null]
    .map((word) => (word ? [...word][0].toUpperCase() : ""))
    .join("");
}

/** The labels that tell bots, deactivated people and strangers apart. */
export function personLabels(person) {
  const labels = { is_bot: "Bot", deleted: "Deactivated", is_stranger: "External" };
  return Object.keys(labels)
    .filter((key) => person[key])
    .map((key) => labels[key]);
}

/** "3:05 pm in London". */
export function localTime(person, now) {
  return `${timeOfDay(now, person.tz)} in ${zoneCity(person.tz)}`;
}

/** A person's name as the page shows it. */
export function nameOf(person) {
  return person?.real_name || person?.name || person?.id || "Somebody";
}
