/** The sandbox's clock: what time it is for whom, and the buttons that move it on. */

import { post } from "./api.js";
import { h, icon, keyedList, say, set } from "./dom.js";
import { nameOf } from "./people.js";
import { dayAndTime, relative, zoneCity } from "./time.js";

const STEPS = [
  { name: "now", words: "Now", body: { to: "now" }, title: "Back to the real time" },
  { name: "10m", words: "+10 min", body: { advance_seconds: 600 }, title: "Ten minutes later" },
  { name: "1h", words: "+1 h", body: { advance_seconds: 3600 }, title: "One hour later" },
  { name: "1d", words: "+1 day", body: { advance_seconds: 86400 }, title: "One day later" },
  {
    name: "next",
    words: "To the next due message",
    short: "Next due",
    body: { to: "next_due" },
  },
];

/** The bar below the label; `people()` answers who is shown, `onTwo` opens a second pane. */
export class ClockBar {
  #desk;
  #people;
  #showLocals;

  constructor(desk, people, { onTwo }) {
    this.#desk = desk;
    this.#people = people;
    this.time = h("time", { class: "clock-time", data: { testid: "clock-time" } });
    this.locals = h("ul", { class: "clock-locals" });
    this.#showLocals = keyedList(this.locals, { key: ({ slot }) => slot, create: localTime });
    this.due = dueParts();
    this.problem = h("span", { class: "clock-problem", role: "alert", hidden: true });
    this.steps = STEPS.map((step) => stepButton(step, (button) => this.#move(button, step.body)));
    this.next = set(this.steps.at(-1), { "aria-describedby": "clock-hint", disabled: true });
    this.two = twoButton(onTwo);
    this.el = frame(this);
    desk.clock.watch(() => this.tick());
  }

  draw(isTwo) {
    this.two.hidden = isTwo;
    this.tick();
  }

  tick() {
    const now = this.#desk.clock.now();
    set(this.time, { datetime: now.toISOString() });
    say(this.time, `${dayAndTime(now, "UTC")} UTC`);
    this.#showLocals(this.#people().map((person, slot) => ({ person, now, slot })));
    this.#tellDue(this.#desk.clock.nextDue(), now);
  }

  #tellDue(due, now) {
    const { word, day, distance } = this.due;
    say(word, due ? "Due " : "Nothing is due");
    say(day, due ? `${dayAndTime(due, "UTC")} UTC, ` : "");
    say(distance, due ? relative(due, now) : "");
    const title = due ? null : "There is no message waiting to be sent";
    set(this.next, { disabled: due === null, title });
  }

  async #move(button, body) {
    set(button, { "aria-busy": "true" });
    this.problem.hidden = true;
    try {
      this.#desk.clock.set((await post("clock", body)).clock);
    } catch (error) {
      say(this.problem, error.message).hidden = false;
    }
    set(button, { "aria-busy": null });
  }
}

function frame({ time, locals, steps, due, problem, two }) {
  const group = { class: "clock-steps", role: "group", "aria-label": "Move the clock" };
  return h(
    "div",
    { class: "clock" },
    h("div", { class: "clock-face" }, icon("clock"), time, locals),
    h("div", { class: "clock-controls" }, h("div", group, steps), due.el, problem),
    two,
  );
}

function dueParts() {
  const [word, day, distance] = [h("span"), h("span", { class: "wide-only" }), h("span")];
  const look = { class: "clock-hint", id: "clock-hint", data: { testid: "clock-hint" } };
  return { word, day, distance, el: h("span", look, word, day, distance) };
}

function stepButton({ name, words, short, title }, move) {
  const data = { testid: `clock-${name}` };
  const look = { type: "button", class: `bar-btn step-${name}`, title, data };
  const button = h("button", { ...look, onclick: () => move(button) });
  if (!short) button.append(words);
  else button.append(h("span", { class: "wide-only" }, words), narrow(short));
  return button;
}

function narrow(words) {
  return h("span", { class: "narrow-only" }, words);
}

function twoButton(onclick) {
  const look = { type: "button", class: "bar-btn two-panes", data: { testid: "two-panes" } };
  return h("button", { ...look, onclick }, icon("panes"), "Add a second person");
}

function localTime(first) {
  const [name, time] = [h("b", { dir: "auto" }), h("span")];
  const el = h("li", {}, name, " ", time);
  const update = ({ person, now, slot }) => {
    say(name, nameOf(person).split(" ")[0]);
    say(time, dayAndTime(now, person.tz));
    set(el, { title: `${nameOf(person)}, ${zoneCity(person.tz)}` });
    set(time, { "data-testid": `clock-person-${slot ? "b" : "a"}` });
  };
  update(first);
  return { el, update };
}
