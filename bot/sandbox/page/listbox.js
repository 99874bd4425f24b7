/** A list of options in groups, walked with the arrow keys while the keyboard stays in a field. */

import { fill, freshId, h } from "./dom.js";

/**
 * A listbox. Options are `{key, node(), label, disabled?, selected?}`; `onPick(option)` is told of
 * a choice by mouse, `onActive(id)` of the option under the arrow keys.
 */
export class Listbox {
  #onPick;
  #onActive;
  #rows = [];
  #at = -1;

  constructor({ label, onPick, onActive, isMulti = false }) {
    this.#onPick = onPick;
    this.#onActive = onActive;
    this.el = h("div", {
      id: freshId("list"),
      class: "listbox",
      role: "listbox",
      "aria-label": label,
      "aria-multiselectable": isMulti ? "true" : null,
      onmousedown: (event) => event.preventDefault(),
    });
  }

  /** The option under the arrow keys, or null. */
  get active() {
    return this.#rows[this.#at]?.option ?? null;
  }

  show(groups, { empty = "Nothing found" } = {}) {
    this.#rows = [];
    const filled = groups.filter(({ options }) => options.length);
    const shown = filled.map((group) => groupNode(group, (option) => this.#row(option)));
    fill(this.el, shown.length ? shown : h("div", { class: "listbox-empty" }, empty));
    this.#activate(-1);
  }

  /** Goes on by one, round the end. */
  step(by) {
    const count = this.#rows.length;
    const from = this.#at < 0 && by < 0 ? 0 : this.#at;
    if (count) this.#activate((from + by + count) % count);
  }

  /** Goes to what is chosen already, or to the first option. */
  first() {
    const chosen = this.#rows.findIndex(({ option }) => option.selected);
    this.#activate(this.#rows.length ? Math.max(0, chosen) : -1);
  }

  #row(option) {
    const node = optionNode(option, () => !option.disabled && this.#onPick(option));
    if (!option.disabled) this.#rows.push({ option, node });
    return node;
  }

  #activate(index) {
    this.#rows[this.#at]?.node.classList.remove("is-active");
    this.#at = index;
    const node = this.#rows[index]?.node;
    node?.classList.add("is-active");
    node?.scrollIntoView({ block: "nearest" });
    this.#onActive(node?.id ?? null);
  }
}

function groupNode({ label, options }, row) {
  const rows = options.map(row);
  if (!label) return rows;
  const heading = h("div", { class: "listbox-group", "aria-hidden": "true", dir: "auto" }, label);
  return h("div", { role: "group", "aria-label": label }, heading, rows);
}

function optionNode(option, pick) {
  return h(
    "div",
    {
      id: freshId("item"),
      class: "option",
      role: "option",
      "aria-selected": String(Boolean(option.selected)),
      "aria-disabled": option.disabled ? "true" : null,
      data: { value: option.key, testid: option.testid },
      onclick: pick,
    },
    option.node(),
  );
}
