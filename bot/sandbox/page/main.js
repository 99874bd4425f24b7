/** The page: the label and the clock above, two people side by side below, one on a phone. */

import { fill, h, set } from "./dom.js";
import { companionOf, keepChoice, readChoice } from "./choice.js";
import { ClockBar } from "./clockbar.js";
import { openDesk } from "./desk.js";
import { createPane } from "./pane.js";
import { createSwitch } from "./switch.js";

const NOTICE = "Sandbox: a pretend Slack on this computer. Nothing here leaves it.";
const RETRY_MS = 1500;
const SLOTS = ["a", "b"];

async function start() {
  try {
    new Page(await openDesk());
  } catch (error) {
    fill(document.body, banner(), h("main", { class: "splash", role: "alert" }, error.message));
    setTimeout(start, RETRY_MS);
  }
}

function banner(extra = "") {
  const mark = h("span", { class: "banner-mark", "aria-hidden": "true" });
  const words = extra ? `${NOTICE} ${extra}` : NOTICE;
  return h("div", { class: "banner", role: "note", data: { testid: "banner" } }, mark, words);
}

/** Who is shown where, and the frame around them. */
class Page {
  #desk;
  #choice;
  #panes;

  constructor(desk) {
    this.#desk = desk;
    this.#choice = readChoice(desk.people);
    this.stage = h("main", { class: "stage" });
    this.clockBar = new ClockBar(desk, () => this.#shown(), { onTwo: () => this.#addSecond() });
    this.switcher = createSwitch(desk, (slot) => this.#change({ front: slot }));
    const panes = SLOTS.map((slot) => [slot, createPane(slot, desk, this.#hooks(slot))]);
    this.#panes = Object.fromEntries(panes);
    this.stage.append(this.#panes.a.el, this.#panes.b.el);
    const top = [banner(desk.banner), this.clockBar.el, this.switcher.el];
    fill(document.body, h("header", { class: "top" }, top), this.stage);
    document.addEventListener("visibilitychange", () => this.#draw());
    document.addEventListener("keydown", (event) => this.#hop(event));
    this.#draw();
  }

  #hooks(slot) {
    return {
      choose: (id) => this.#change({ [slot]: id }),
      turn: (tab) => this.#change({ [`${slot}t`]: tab }),
      hide: () => this.#hide(slot),
      unread: (count) => this.switcher.unread(slot, count),
      inFront: () => document.visibilityState === "visible" && this.#isLaidOut(slot),
    };
  }

  #isLaidOut(slot) {
    return this.#panes[slot].el.offsetParent !== null;
  }

  #shown() {
    const ids = SLOTS.map((slot) => this.#choice[slot]).filter(Boolean);
    return ids.map(this.#desk.person).filter(Boolean);
  }

  #hide(slot) {
    const { b, bt } = this.#choice;
    this.#change({ ...(slot === "a" ? { a: b, at: bt } : {}), b: "", front: "a" });
  }

  #addSecond() {
    this.#change({ b: companionOf(this.#choice.a, this.#desk.people) ?? "" });
  }

  #change(part) {
    Object.assign(this.#choice, part);
    keepChoice(this.#choice);
    this.#draw();
  }

  #draw() {
    const { a, at, b, bt, front } = this.#choice;
    this.#panes.a.show(a, at);
    this.#panes.b.show(b, bt);
    const count = b ? "stage-two" : "stage-one";
    set(this.stage, { class: `stage stage-front-${front} ${count}` });
    this.switcher.draw(this.#choice);
    this.clockBar.draw(Boolean(b));
    for (const slot of SLOTS) this.#panes[slot].seen();
  }

  /** F6 moves the keyboard between the panes, as it moves between regions in Slack. */
  #hop(event) {
    if (event.key !== "F6") return;
    event.preventDefault();
    const isInA = this.#panes.a.el.contains(document.activeElement);
    this.#panes[isInA && this.#isLaidOut("b") ? "b" : "a"].focus();
  }
}

start();
