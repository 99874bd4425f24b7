/** A searchable menu for one choice or several, used by every kind of select. */

import { fill, h, icon, set } from "../dom.js";
import { Listbox } from "../listbox.js";
import { openPopup } from "../popup.js";

/**
 * A field with a list below it. `find(text)` answers groups of options, at once or as a promise;
 * `onChange(options)` is told of a new choice and answers whether it stands; `isClearable()` says
 * whether a single choice can be taken back.
 */
export class Combobox {
  #setting;
  #popup = null;
  #asked = 0;

  constructor({ chosen, isMulti, hooks, most = Infinity, ...setting }) {
    this.#setting = setting;
    this.picked = chosen;
    this.isMulti = isMulti;
    this.most = most;
    this.input = field(hooks, this);
    this.chips = h("span", { class: "combo-chips" });
    this.clear = clearButton(() => this.choose([]));
    this.list = new Listbox({
      label: "Options",
      isMulti,
      onPick: (option) => this.pick(option),
      onActive: (id) => set(this.input, { "aria-activedescendant": id }),
    });
    this.el = frame(this);
    this.draw();
  }

  get isOpen() {
    return this.#popup !== null;
  }

  async open(text = this.input.value) {
    this.#popup ??= openPopup(this.el, this.list.el, { onClose: () => this.#closed() });
    set(this.input, { "aria-expanded": "true", "aria-controls": this.list.el.id });
    if (!this.isMulti && text === "") this.input.select();
    const turn = (this.#asked += 1);
    const answer = this.#setting.find(text);
    if (answer instanceof Promise) this.list.show([], { empty: "Looking…" });
    const { groups, empty } = await answer;
    if (turn !== this.#asked || !this.isOpen) return;
    this.list.show(
      groups.map((group) => this.#marked(group)),
      { empty },
    );
    if (text) this.list.first();
    this.#popup.place();
  }

  close() {
    this.#popup?.close();
  }

  /** Takes an option: the only one, or one more, or one fewer. */
  pick(option) {
    if (!this.isMulti) return this.#settle(option);
    const others = this.picked.filter(({ key }) => key !== option.key);
    this.choose(others.length < this.picked.length ? others : [...this.picked, option]);
    this.input.value = "";
    return this.isOpen && this.open("");
  }

  async choose(options) {
    const before = this.picked;
    this.picked = options;
    this.draw();
    if ((await this.#setting.onChange(options)) !== false) return;
    this.picked = before;
    this.draw();
  }

  remove(option) {
    this.choose(this.picked.filter(({ key }) => key !== option.key));
    this.input.focus();
  }

  /** Lets go of choices that are no longer offered. */
  keep(isOffered) {
    this.picked = this.picked.filter(isOffered);
    this.draw();
  }

  /** Says `words` in the field as long as nothing is picked, as Slack does. */
  placeholder(words) {
    this.words = words;
    this.nothingPicked();
  }

  nothingPicked() {
    const isShown = !this.isMulti || this.picked.length === 0;
    set(this.input, { placeholder: isShown ? (this.words ?? null) : null });
  }

  draw() {
    const { picked, isMulti } = this;
    if (isMulti)
      fill(
        this.chips,
        picked.map((option) => chip(option, () => this.remove(option))),
      );
    this.nothingPicked();
    if (isMulti) this.input.value = "";
    else if (!this.isOpen) this.input.value = picked[0]?.label ?? "";
    set(this.clear, { hidden: isMulti || !this.#setting.isClearable() || !picked.length });
  }

  #settle(option) {
    this.input.value = option.label;
    this.close();
    return this.choose([option]);
  }

  #closed() {
    this.#popup = null;
    this.#asked += 1;
    set(this.input, { "aria-expanded": "false", "aria-activedescendant": null });
    const isEmptied = !this.isMulti && this.input.value === "" && this.picked.length > 0;
    if (isEmptied && this.#setting.isClearable()) this.choose([]);
    else this.draw();
  }

  #marked({ label, options }) {
    const isFull = this.isMulti && this.picked.length >= this.most;
    const marked = (option) => {
      const selected = this.picked.some(({ key }) => key === option.key);
      return { ...option, selected, disabled: isFull && !selected };
    };
    return { label, options: options.map(marked) };
  }
}

/** What each key does; true where it is used up. */
const KEYS = {
  ArrowDown: (combo) => (combo.isOpen ? combo.list.step(1) : combo.open(""), true),
  ArrowUp: (combo) => (combo.isOpen ? combo.list.step(-1) : combo.open(""), true),
  Enter: (combo) => {
    if (!combo.isOpen) combo.open("");
    else if (combo.list.active) combo.pick(combo.list.active);
    return true;
  },
  Escape: (combo) => combo.isOpen && (combo.close(), true),
  Backspace: (combo) => {
    if (!combo.isMulti || combo.input.value || !combo.picked.length) return false;
    combo.choose(combo.picked.slice(0, -1));
    return true;
  },
};

function press(event, combo) {
  if (!KEYS[event.key]?.(combo)) return;
  event.preventDefault();
  event.stopPropagation();
}

function field(hooks, combo) {
  return h("input", {
    class: "combo-input",
    type: "text",
    role: "combobox",
    dir: "auto",
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    data: hooks,
    oninput: () => combo.open(),
    onclick: () => (combo.isOpen ? combo.close() : combo.open("")),
    onkeydown: (event) => press(event, combo),
    onblur: () => combo.close(),
  });
}

function frame({ isMulti, chips, input, clear }) {
  const aim = (event) => {
    if (event.target.closest("button") || event.target === input) return;
    input.focus();
    input.click();
  };
  const chevron = h("span", { class: "combo-chevron" }, icon("chevron"));
  const look = `combo ${isMulti ? "combo-multi" : ""}`;
  return h("div", { class: look, onclick: aim }, chips, input, clear, chevron);
}

function clearButton(onclick) {
  const look = { type: "button", class: "icon-btn combo-clear", tabIndex: -1 };
  return h("button", { ...look, "aria-label": "Clear the choice", onclick }, icon("close"));
}

function chip(option, onclick) {
  const look = { type: "button", class: "icon-btn", "aria-label": `Remove ${option.label}` };
  return h(
    "span",
    { class: "chip", data: { value: option.key } },
    h("span", { class: "chip-text", dir: "auto" }, option.label),
    h("button", { ...look, onclick }, icon("close")),
  );
}
