/** What the composer offers while one types: commands after a slash, people after an @. */

import { h } from "./dom.js";
import { avatar, nameOf } from "./people.js";

const COMMANDS = [
  { text: "/coach schedule", about: "Plan a coaching session" },
  { text: "/coach list", about: "See the sessions ahead and behind" },
  { text: "/coach inbox", about: "Read what is new for you" },
  { text: "/coach note", about: "Read or add notes on a session" },
  { text: "/coach status", about: "See where a session stands" },
  { text: "/coach help", about: "See what can be done" },
];
const NAMING = /(^|\s)@([\p{L}\p{N}._-]*)$/u;
const MOST_PEOPLE = 6;

/** The options that fit what has been typed so far; none once a command stands complete. */
export function suggest(typed, people) {
  const naming = NAMING.exec(typed);
  if (naming) return peopleFor(naming[2], typed, people);
  if (!typed.startsWith("/")) return [];
  const wanted = typed.toLowerCase().trimEnd();
  return COMMANDS.filter(({ text }) => text.startsWith(wanted) && text !== wanted).map(command);
}

function peopleFor(wanted, typed, people) {
  const start = typed.slice(0, typed.length - wanted.length);
  const fits = (person) =>
    `${person.name} ${nameOf(person)}`.toLowerCase().includes(wanted.toLowerCase());
  return people
    .filter((person) => !person.deleted && fits(person))
    .slice(0, MOST_PEOPLE)
    .map((person) => named(person, start));
}

function named(person, start) {
  const node = () =>
    h(
      "span",
      { class: "option-person" },
      avatar(person, "avatar-tiny"),
      h("span", { class: "option-text", dir: "auto" }, nameOf(person)),
      h("span", { class: "option-note", dir: "auto" }, person.title ?? ""),
    );
  return { key: `${start}${person.name} `, label: nameOf(person), node, testid: "suggestion" };
}

function command({ text, about }) {
  const node = () =>
    h(
      "span",
      { class: "option-command" },
      h("span", { class: "option-text" }, text),
      h("span", { class: "option-note" }, about),
    );
  return { key: text, label: text, node, testid: "suggestion" };
}
