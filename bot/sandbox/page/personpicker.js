/** "Acting as": whose pane it is, with their title and own time, and the list to choose from. */

import { fill, h, icon, say, set } from "./dom.js";
import { Listbox } from "./listbox.js";
import { avatar, localTime, nameOf } from "./people.js";
import { openPopup } from "./popup.js";

/** The button that shows who acts, and opens the list; `onPick(id)` is told who is chosen. */
export class PersonPicker {
  #desk;
  #personId;
  #onPick;
  #popup = null;

  constructor(desk, personId, onPick) {
    this.#desk = desk;
    this.#personId = personId;
    this.#onPick = onPick;
    this.parts = faceParts();
    this.el = face(this.parts, () => (this.#popup ? this.#popup.close() : this.#open()));
    this.search = searchField(
      () => this.#list(),
      (event) => this.#press(event),
    );
    this.people = new Listbox({
      label: "People",
      onPick: (option) => this.#pick(option),
      onActive: (id) => set(this.search, { "aria-activedescendant": id }),
    });
    set(this.search, { "aria-controls": this.people.el.id });
    this.draw(desk.person(personId) ?? { id: personId });
  }

  draw(person) {
    const { picture, name, title } = this.parts;
    fill(picture, avatar(person, "avatar-medium"));
    say(name, nameOf(person));
    say(title, person.title ?? "");
    title.hidden = !person.title;
  }

  tick({ me, now }) {
    say(this.parts.time, localTime(me, now()));
    set(this.parts.time, { title: me.tz_label ?? null });
  }

  async #open() {
    const top = h("div", { class: "person-search" }, this.search);
    const content = h("div", { class: "person-list" }, top, this.people.el);
    this.search.value = "";
    this.#popup = openPopup(this.el, content, { onClose: () => this.#closed() });
    set(this.el, { "aria-expanded": "true" });
    this.#list();
    this.search.focus();
    await this.#desk.refreshPeople().catch(() => null);
    if (this.#popup) this.#list();
  }

  #closed() {
    this.#popup = null;
    set(this.el, { "aria-expanded": "false" });
  }

  #list() {
    const wanted = this.search.value.trim().toLowerCase();
    const fits = (person) =>
      `${nameOf(person)} ${person.title ?? ""}`.toLowerCase().includes(wanted);
    const now = this.#desk.clock.now();
    const option = (person) => personOption(person, now, person.id === this.#personId);
    const options = this.#desk.people.filter(fits).map(option);
    this.people.show([{ options }], { empty: "Nobody by that name" });
    if (wanted) this.people.first();
  }

  #pick({ key }) {
    this.#popup?.close();
    this.el.focus();
    this.#onPick(key);
  }

  #press(event) {
    const { people } = this;
    if (event.key === "ArrowDown") people.step(1);
    else if (event.key === "ArrowUp") people.step(-1);
    else if (event.key === "Enter" && people.active) this.#pick(people.active);
    else if (event.key === "Escape" || event.key === "Tab") this.#leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #leave() {
    this.#popup?.close();
    this.el.focus();
  }
}

function faceParts() {
  return {
    picture: h("span", { class: "acting-face" }),
    name: h("span", { class: "acting-name", dir: "auto" }),
    title: h("span", { dir: "auto" }),
    time: h("span", { class: "acting-time", data: { testid: "person-time" } }),
  };
}

function face({ picture, name, title, time }, onclick) {
  const state = { "aria-haspopup": "listbox", "aria-expanded": "false" };
  const as = h("span", { class: "acting-as" }, "Acting as ");
  return h(
    "button",
    { type: "button", class: "acting", ...state, data: { testid: "person-picker" }, onclick },
    picture,
    h(
      "span",
      { class: "acting-words" },
      h("span", { class: "acting-line" }, as, name, icon("chevron")),
      h("span", { class: "acting-note" }, title, time),
    ),
  );
}

function searchField(oninput, onkeydown) {
  return h("input", {
    class: "text-input",
    type: "text",
    role: "combobox",
    "aria-label": "Find a person",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    placeholder: "Find a person",
    autocomplete: "off",
    oninput,
    onkeydown,
  });
}

function personOption(person, now, selected) {
  const note = () =>
    h(
      "span",
      { class: "acting-note" },
      h("span", { dir: "auto", hidden: !person.title }, person.title ?? ""),
      h("span", { class: "acting-time" }, localTime(person, now)),
    );
  const name = () => h("span", { class: "option-text", dir: "auto" }, nameOf(person));
  const node = () =>
    h(
      "span",
      { class: "option-person" },
      avatar(person, "avatar-small"),
      h("span", { class: "option-two" }, name(), note()),
    );
  return { key: person.id, label: nameOf(person), node, selected, testid: "person-option" };
}
