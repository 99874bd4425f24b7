/** Where a person writes: messages and commands, with a list of what can be asked. */

import { h, icon, set } from "./dom.js";
import { Listbox } from "./listbox.js";
import { globalMenu } from "./shortcuts.js";
import { suggest } from "./suggestions.js";

const MOST_HEIGHT_PX = 160;

/**
 * The field at the foot of a conversation. `place()` is the conversation's id; `onSent()` is told
 * at once, `onDone()` once the sandbox has answered, `complain(error)` when it refused.
 */
export class Composer {
  #viewer;
  #hooks;

  constructor(viewer, { label, ...hooks }) {
    this.#viewer = viewer;
    this.#hooks = hooks;
    this.list = new Listbox({
      label: "Suggestions",
      onPick: (option) => this.complete(option),
      onActive: (id) => set(this.field, { "aria-activedescendant": id }),
    });
    const panel = { class: "suggestions", hidden: true, data: { testid: "suggestions" } };
    this.panel = h("div", panel, this.list.el);
    this.field = writingField(label, this);
    this.button = sendButton(() => this.submit());
    this.bolt = globalMenu(viewer, { class: "composer-bolt" }, hooks);
    const box = h("div", { class: "composer-box" }, this.bolt.el, this.field, this.button);
    this.el = h("div", { class: "composer" }, this.panel, box);
  }

  get isOffering() {
    return !this.panel.hidden;
  }

  typed() {
    const { value, selectionEnd } = this.field;
    grow(this.field);
    this.button.disabled = value.trim() === "";
    this.offer(selectionEnd < value.length ? [] : suggest(value, this.#viewer.everyone()));
  }

  offer(options) {
    this.list.show([{ options }]);
    this.panel.hidden = options.length === 0;
    set(this.field, { "aria-expanded": String(options.length > 0) });
  }

  complete({ key }) {
    this.field.value = key;
    this.field.focus();
    this.typed();
  }

  async submit() {
    const text = this.field.value.trim();
    if (!text) return;
    const { place, onSent, onDone, complain } = this.#hooks;
    this.field.value = "";
    this.typed();
    onSent();
    const path = text.startsWith("/") ? "command" : "message";
    await this.#viewer.send(path, { conversation: place(), text }).catch(complain);
    await onDone();
  }
}

/** What each key does; true where it is used up. */
const KEYS = {
  Enter: (composer, { shiftKey }) => {
    if (shiftKey) return false;
    const chosen = composer.isOffering && composer.list.active;
    if (chosen) composer.complete(chosen);
    else composer.submit();
    return true;
  },
  Tab: (composer, { shiftKey }) => {
    if (!composer.isOffering || shiftKey) return false;
    if (!composer.list.active) composer.list.first();
    composer.complete(composer.list.active);
    return true;
  },
  ArrowDown: (composer) => composer.isOffering && (composer.list.step(1), true),
  ArrowUp: (composer) => composer.isOffering && (composer.list.step(-1), true),
  Escape: (composer) => composer.isOffering && (composer.offer([]), true),
};

function press(event, composer) {
  if (event.isComposing || !KEYS[event.key]?.(composer, event)) return;
  event.preventDefault();
  event.stopPropagation();
}

function writingField(label, composer) {
  return h("textarea", {
    class: "composer-field",
    rows: 1,
    dir: "auto",
    placeholder: label,
    "aria-label": label,
    role: "combobox",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    "aria-controls": composer.list.el.id,
    data: { testid: "composer" },
    oninput: () => composer.typed(),
    onfocus: () => composer.typed(),
    onblur: () => composer.offer([]),
    onkeydown: (event) => press(event, composer),
  });
}

function sendButton(onclick) {
  const look = { type: "button", class: "send", "aria-label": "Send", title: "Send" };
  const onmousedown = (event) => event.preventDefault();
  const data = { testid: "send" };
  return h("button", { ...look, disabled: true, data, onclick, onmousedown }, icon("send"));
}

function grow(field) {
  field.style.height = "auto";
  if (!field.scrollHeight) return;
  field.style.height = `${Math.min(field.scrollHeight, MOST_HEIGHT_PX)}px`;
}
