/** A person in a pane: Home, Messages, #general and modals, all fed from one state. */

import { fill, h, icon, set } from "./dom.js";
import { createConfirmLayer } from "./confirm.js";
import { Conversation } from "./conversation.js";
import { createHome } from "./home.js";
import { Live } from "./live.js";
import { Modals } from "./modals.js";
import { PersonPicker } from "./personpicker.js";
import { globalMenu } from "./shortcuts.js";
import { createTabs } from "./tabs.js";
import { createToasts } from "./toasts.js";
import { createViewer } from "./viewer.js";

/** What one person sees and does, followed until `end()`. */
export class Session {
  #desk;
  #hooks;
  #live;
  #unwatch;
  #current = null;

  constructor(personId, desk, hooks) {
    this.#desk = desk;
    this.#hooks = hooks;
    this.layer = createConfirmLayer(() => this.#shade());
    this.viewer = createViewer(desk, personId, { ask: this.layer.ask });
    this.#furnish(personId);
    this.#unwatch = desk.clock.watch(() => this.picker.tick(this.viewer));
    this.turn(hooks.tab);
    this.#live = new Live(personId, {
      still: desk.still,
      onState: (state) => this.#show(state),
      onLink: (isUp, words) => this.#tell(isUp, words),
    });
  }

  #furnish(personId) {
    const { slot, turn, choose } = this.#hooks;
    const { viewer } = this;
    const refresh = () => this.#live?.refresh();
    this.toasts = createToasts();
    this.modals = new Modals(viewer, refresh);
    this.home = createHome(viewer, { refresh, complain: this.toasts.complain });
    this.talks = {
      messages: new Conversation(viewer, { kind: "im", refresh }),
      general: new Conversation(viewer, { kind: "channel", refresh }),
    };
    this.picker = new PersonPicker(this.#desk, personId, choose);
    const look = { class: "icon-btn pane-bolt" };
    this.bolt = globalMenu(viewer, look, { refresh, complain: this.toasts.complain });
    const panels = { home: this.home, ...this.talks };
    this.tabs = createTabs(panels, slot, { bot: this.#desk.botPerson(), onPick: turn });
    this.#assemble();
  }

  #assemble() {
    const head = h("header", { class: "pane-head" }, this.picker.el, this.bolt.el, hideButton(this.#hooks));
    this.ground = h("div", { class: "pane-ground" }, head, this.tabs.el);
    this.link = h("div", { class: "link-lost", role: "status", hidden: true });
    const layers = [this.modals.el, this.layer.el, this.toasts.el, this.link];
    this.el = h("div", { class: "session" }, this.ground, layers);
  }

  #show(state) {
    const ofKind = (wanted) => state.conversations.filter(({ kind }) => kind === wanted);
    this.#desk.clock.set(state.clock);
    [this.viewer.me] = this.#desk.learn([state.me]);
    this.viewer.channels = ofKind("channel");
    this.viewer.shortcuts = state.shortcuts ?? [];
    this.bolt.draw();
    this.picker.draw(this.viewer.me);
    this.home.render(state.home);
    this.talks.messages.render(ofKind("im")[0]);
    this.talks.general.render(ofKind("channel")[0]);
    this.modals.render(state.modals ?? []);
    this.toasts.render(state.toast);
    this.#shade();
    this.tabs.unread(this.talks);
    this.#hooks.unread(state.conversations.reduce((sum, { unread }) => sum + unread, 0));
    this.seen();
  }

  #tell(isUp, words) {
    this.link.hidden = isUp && !words;
    fill(this.link, words ?? "The sandbox cannot be reached. Trying again…");
  }

  /** Whatever lies under a modal or a question cannot be reached. */
  #shade() {
    const isAsking = this.layer.isOpen();
    this.ground.inert = this.modals.isOpen || isAsking;
    this.modals.el.inert = isAsking;
    if (!this.ground.inert) this.modals.restoreFocus();
  }

  turn(name) {
    if (name === this.#current) return;
    this.talks[this.#current]?.leave();
    this.#current = name;
    this.tabs.turn(name);
    set(this.el, { "data-tab": name });
    if (name === "home") this.home.open();
    this.seen();
  }

  seen() {
    if (this.#hooks.inFront()) this.talks[this.#current]?.see();
  }

  focus() {
    if (!this.modals.focus()) this.tabs.focus();
  }

  end() {
    this.#live.stop();
    this.viewer.end();
    this.#unwatch();
    this.layer.end();
  }
}

function hideButton({ slot, hide }) {
  const words = slot === "b" ? "Close this pane" : "Show the other pane only";
  const look = { type: "button", class: "icon-btn pane-hide", title: words, "aria-label": words };
  return h("button", { ...look, data: { testid: `hide-${slot}` }, onclick: hide }, icon("close"));
}
