/** Where a select takes its options from: its own list, the app, people or conversations. */

import { avatar, personLabels } from "../people.js";
import { h } from "../dom.js";
import { plainText, textNodes } from "./text.js";

const TYPING_PAUSE_MS = 150;
const DEFAULT_MIN_QUERY = 3;

/** A source: `option(raw)` for a known value, `find(text)` for groups of options. */
export function sourceFor(name, seat, spec) {
  return SOURCES[name](seat, spec);
}

const SOURCES = {
  static: (seat, spec) => ({
    option: (raw) => listOption(raw, seat.viewer),
    find: (text) => ({ groups: filtered(groupsOf(spec(), seat.viewer), text) }),
    known: (key) => groupsOf(spec(), seat.viewer).some(hasOption(key)),
  }),
  external: externalSource,
  users: ({ viewer }) => ({
    option: (id) => personOption(viewer.person(id) ?? { id, real_name: id }),
    find: (text) => {
      const people = viewer.everyone().map(personOption);
      return { groups: filtered([{ options: people }], text), empty: "Nobody by that name" };
    },
  }),
  conversations: conversationSource,
  channels: conversationSource,
};

function externalSource(seat, spec) {
  const option = (raw) => listOption(raw, seat.viewer);
  let waiting = 0;
  async function find(text) {
    const least = spec().min_query_length ?? DEFAULT_MIN_QUERY;
    if (text.length < least) return { groups: [], empty: moreLetters(least) };
    const turn = (waiting += 1);
    if (text) await new Promise((resume) => setTimeout(resume, TYPING_PAUSE_MS));
    if (turn !== waiting) return { groups: [] };
    try {
      return { groups: groupsOf(await seat.loadOptions(text), seat.viewer), empty: "No results" };
    } catch (error) {
      return { groups: [], empty: error.message };
    }
  }
  return { option, find };
}

function moreLetters(count) {
  return count === 1 ? "Type a letter to search" : `Type ${count} letters to search`;
}

function conversationSource({ viewer }) {
  const option = (id) => conversationOption(id, viewer);
  return {
    option,
    find: (text) => ({ groups: filtered([{ options: viewer.channelIds().map(option) }], text) }),
  };
}

function groupsOf({ options, option_groups: groups }, viewer) {
  const all = groups?.length ? groups : [{ options: options ?? [] }];
  return all.map((group) => ({
    label: plainText(group.label),
    options: (group.options ?? []).map((raw) => listOption(raw, viewer)),
  }));
}

const hasOption = (key) => (group) => group.options.some((option) => option.key === key);

function filtered(groups, text) {
  const wanted = fold(text);
  const fits = ({ label, also = "" }) => fold(`${label} ${also}`).includes(wanted);
  return groups.map((group) => ({ ...group, options: group.options.filter(fits) }));
}

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

function listOption(raw, viewer) {
  const words = () => [
    h("span", { class: "option-text", dir: "auto" }, textNodes(raw.text, viewer)),
    raw.description &&
      h("span", { class: "option-note", dir: "auto" }, textNodes(raw.description, viewer)),
  ];
  return { key: raw.value, raw, label: plainText(raw.text), node: () => h("span", {}, words()) };
}

function personOption(person) {
  const tags = personLabels(person).map((label) => h("span", { class: "tag" }, label));
  const node = () =>
    h(
      "span",
      { class: "option-person" },
      avatar(person, "avatar-tiny"),
      h("span", { class: "option-text", dir: "auto" }, person.real_name || person.name),
      h("span", { class: "option-note", dir: "auto" }, person.title ?? ""),
      tags,
    );
  return {
    key: person.id,
    raw: person.id,
    label: person.real_name || person.name || person.id,
    also: `${person.name ?? ""} ${person.title ?? ""}`,
    node,
  };
}

function conversationOption(id, viewer) {
  const label = `#${viewer.channelName(id) ?? id}`;
  return { key: id, raw: id, label, node: () => h("span", { class: "option-text" }, label) };
}
