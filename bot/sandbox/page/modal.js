/** One modal: title, blocks, and the buttons with the view's own words. */

import { freshId, h, icon, say, set } from "./dom.js";
import { createActor } from "./acting.js";
import { createSurface } from "./blockkit/surface.js";
import { plainText } from "./blockkit/text.js";
import { trapFocus } from "./focus.js";

/** A form on the stack; `close()` leaves it, `closeAll()` leaves the whole stack. */
export class Modal {
  #view;
  #depth;
  #viewer;
  #refresh;
  #parts;
  #surface;
  #errors = {};
  #problem = "";
  #isBusy = false;

  constructor({ view, depth }, viewer, { refresh, close, closeAll }) {
    this.#viewer = viewer;
    this.#refresh = refresh;
    this.#parts = frame({ submit: () => this.submit(), close, closeAll });
    this.#surface = this.#createSurface();
    this.#parts.body.append(this.#surface.el);
    this.id = view.id;
    this.el = this.#parts.el;
    trapFocus(this.el);
    this.el.addEventListener("keydown", ({ key }) => key === "Escape" && close());
    this.update({ view, depth });
  }

  #createSurface() {
    const container = () => ({ type: "view", view_id: this.id });
    const complain = (error) => this.complain(error);
    const actor = createActor(this.#viewer, container, { refresh: this.#refresh, complain });
    return createSurface({
      viewer: this.#viewer,
      kind: "modal",
      enter: () => this.submit(),
      options: actor.options,
      act: (action) => {
        this.#problem = "";
        this.#draw();
        return actor.act(action);
      },
    });
  }

  update({ view, depth }) {
    this.#view = view;
    this.#depth = depth;
    this.#draw();
  }

  complain(error) {
    this.#problem = error.message;
    this.#draw();
  }

  // What had the focus may be gone from the form: without one, Escape would reach nobody.
  #keepFocus() {
    if (this.el.isConnected && document.activeElement === document.body) this.focus();
  }

  focus() {
    if (!this.#surface.focusFirst()) this.el.focus();
  }

  async submit() {
    if (this.#isBusy || !this.#view.submit || this.#view.submit_disabled) return;
    if (this.el.querySelector('.files[aria-busy="true"]'))
      return this.complain({ message: "One moment, the files are still on their way." });
    [this.#isBusy, this.#problem, this.#errors] = [true, "", {}];
    this.#view = { ...this.#view, errors: {} };
    this.#draw();
    const isRefused = await this.#send();
    if (!isRefused) await this.#refresh();
    this.#isBusy = false;
    this.#draw();
    if (isRefused) this.#surface.focusError();
    else this.#keepFocus();
  }

  async #send() {
    try {
      const state = { values: this.#surface.values() };
      await this.#viewer.send("submit", { view_id: this.id, state });
      return false;
    } catch (error) {
      if (error.errors) this.#errors = error.errors;
      else this.#problem = error.message;
      return true;
    }
  }

  #draw() {
    const view = this.#view;
    const errors = this.#isBusy ? {} : { ...view.errors, ...this.#errors };
    nameParts(this.#parts, view, this.#depth);
    this.#surface.render(view.blocks, { saved: view.state?.values, errors });
    const { problem, submit, el } = this.#parts;
    say(problem, [this.#problem, ...homeless(errors, view.blocks)].filter(Boolean).join(" "));
    problem.hidden = problem.textContent === "";
    const busy = this.#isBusy ? "true" : null;
    set(submit, { "aria-busy": busy, disabled: this.#isBusy || Boolean(view.submit_disabled) });
    set(el, { "aria-busy": busy });
  }
}

function frame({ submit, close, closeAll }) {
  const id = freshId("modal");
  const [submitWords, closeWords] = [h("span", { dir: "auto" }), h("span", { dir: "auto" })];
  const parts = {
    title: h("h2", { id, class: "modal-title", dir: "auto" }),
    back: iconButton("Back", { picture: "back", testid: "modal-back", onclick: close }),
    close: button({ class: "btn", onclick: close, data: { testid: "modal-close" } }, closeWords),
    submit: button(
      { class: "btn btn-primary", onclick: submit, data: { testid: "modal-submit" } },
      submitWords,
    ),
    submitWords,
    closeWords,
    body: h("div", { class: "modal-body" }),
    problem: h("div", { class: "modal-problem", role: "alert", data: { testid: "modal-error" } }),
  };
  const dismiss = iconButton("Close", {
    picture: "close",
    testid: "modal-dismiss",
    onclick: closeAll,
  });
  const look = { class: "modal", role: "dialog", "aria-modal": "true", "aria-labelledby": id };
  const head = h("header", { class: "modal-head" }, parts.back, parts.title, dismiss);
  const foot = h("footer", { class: "modal-foot" }, parts.close, parts.submit);
  const inside = [head, parts.body, parts.problem, foot];
  return { ...parts, el: h("div", { ...look, tabIndex: -1, data: { testid: "modal" } }, inside) };
}

function button(props, ...inside) {
  return h("button", { type: "button", ...props }, inside);
}

function iconButton(words, { picture, testid, onclick }) {
  const look = { class: "icon-btn", "aria-label": words, title: words };
  return button({ ...look, data: { testid }, onclick }, icon(picture));
}

function nameParts(parts, view, depth) {
  set(parts.el, { "data-view-id": view.id, "data-callback-id": view.callback_id });
  say(parts.title, plainText(view.title));
  parts.back.hidden = depth === 0;
  parts.submit.hidden = !view.submit;
  say(parts.submitWords, plainText(view.submit));
  const fallback = depth > 0 ? "Back" : view.submit ? "Cancel" : "Close";
  say(parts.closeWords, plainText(view.close) || fallback);
}

/** Errors for blocks that the view does not have; they are shown at the foot. */
function homeless(errors, blocks) {
  const known = new Set((blocks ?? []).map((block) => block.block_id));
  return Object.entries(errors)
    .filter(([blockId]) => !known.has(blockId))
    .map(([, words]) => words);
}
