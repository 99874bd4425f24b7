/** The stack of modals: only the uppermost is shown, those below keep what was typed. */

import { fill, h } from "./dom.js";
import { Modal } from "./modal.js";

/** The modals of one pane. */
export class Modals {
  #viewer;
  #refresh;
  #stack = [];
  #opener = null;

  constructor(viewer, refresh) {
    this.#viewer = viewer;
    this.#refresh = refresh;
    this.el = h("div", { class: "modal-layer", hidden: true });
  }

  get isOpen() {
    return this.#stack.length > 0;
  }

  render(views) {
    const focused = document.activeElement;
    const isOurs = focused === document.body || this.el.parentElement?.contains(focused);
    if (!this.isOpen && views.length) this.#opener = isOurs ? focused : null;
    this.#stack = views.map((view, depth) => this.#modalFor(view, depth));
    const top = this.#stack.at(-1);
    this.el.hidden = !top;
    if (this.el.firstChild === (top?.el ?? null)) return;
    fill(this.el, top?.el);
    if (isOurs) top?.focus();
  }

  focus() {
    this.#stack.at(-1)?.focus();
    return this.isOpen;
  }

  /** Gives the keyboard back to where it was before the first modal opened. */
  restoreFocus() {
    if (this.#opener?.isConnected && this.#opener !== document.body) this.#opener.focus();
    this.#opener = null;
  }

  #modalFor(view, depth) {
    const known = this.#stack.find(({ id }) => id === view.id);
    known?.update({ view, depth });
    const refresh = this.#refresh;
    const [close, closeAll] = [() => this.#close(1), () => this.#close(this.#stack.length)];
    return known ?? new Modal({ view, depth }, this.#viewer, { refresh, close, closeAll });
  }

  async #close(count) {
    for (const modal of this.#stack.slice(-count).reverse()) {
      const closing = this.#viewer.send("close", { view_id: modal.id });
      await closing.catch((error) => modal.complain(error));
    }
    await this.#refresh();
  }
}
