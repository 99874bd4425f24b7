/** What is shown, kept in the address so that a reload keeps it: who acts in each pane, and where. */

const DEFAULTS = { a: "U0DANA", b: "U0PRIYA" };
const TABS = ["home", "messages", "general"];

/** Reads the choice for the people there are; an empty `b` means that one pane is shown. */
export function readChoice(people, search = location.search) {
  const query = new URLSearchParams(search);
  const isKnown = (id) => people.some((person) => person.id === id);
  const pick = (slot, spare) =>
    [query.get(slot), DEFAULTS[slot]].find(isKnown) ?? people[spare]?.id ?? "";
  const tab = (name) => (TABS.includes(query.get(name)) ? query.get(name) : "messages");
  const isAlone = query.get("b") === "";
  return {
    a: pick("a", 0),
    b: isAlone ? "" : pick("b", 1),
    at: tab("at"),
    bt: tab("bt"),
    front: query.get("front") === "b" && !isAlone ? "b" : "a",
  };
}

/** Who can take the second pane beside this person. */
export function companionOf(personId, people) {
  const { a, b } = readChoice(people, "");
  return [b, a, people.find(({ id }) => id !== personId)?.id].find((id) => id && id !== personId);
}

/** Writes the choice into the address, without a step in the browser's history. */
export function keepChoice({ a, b, at, bt, front }) {
  const query = new URLSearchParams({ a, b });
  if (at !== "messages") query.set("at", at);
  if (bt !== "messages") query.set("bt", bt);
  if (front === "b") query.set("front", "b");
  history.replaceState(null, "", `?${query}`);
}
