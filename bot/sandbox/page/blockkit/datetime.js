/** Date, time and date-with-time pickers. Dates are spelled out beside the field, to be sure. */

import { h, say, set } from "../dom.js";
import { fromWall, longDay, wall, zoneCity } from "../time.js";
import { plainText } from "./text.js";

const EARLIEST_YEAR = 1900;

/** Builds a date picker; its value is YYYY-MM-DD. */
export function datePicker(first, seat) {
  return createPicker(first, seat, {
    kind: "date",
    field: "selected_date",
    initial: "initial_date",
    caption: (value, spec) => (value ? dateWords(value) : plainText(spec.placeholder)),
    complete: (value) => Number(value.slice(0, 4)) >= EARLIEST_YEAR,
  });
}

/** Builds a time picker; its value is HH:mm. */
export function timePicker(first, seat) {
  return createPicker(first, seat, {
    kind: "time",
    field: "selected_time",
    initial: "initial_time",
    caption: (value, spec) =>
      [spec.timezone && `${zoneCity(spec.timezone)} time`, !value && plainText(spec.placeholder)]
        .filter(Boolean)
        .join(" · "),
    complete: () => true,
  });
}

function createPicker(first, seat, { kind, field, initial, caption, complete }) {
  let spec = first;
  const start = (seat.saved ? seat.saved[field] : spec[initial]) ?? "";
  let settled = start;
  const input = h("input", {
    type: kind,
    class: "text-input picker-input",
    value: start,
    data: seat.hooks,
    onchange: changed,
    onkeydown: (event) => submitOnEnter(event, seat),
  });
  const words = h("span", { class: "picker-words" });
  const zone = () => (spec.timezone ? { timezone: spec.timezone } : {});
  const value = () => (input.value && complete(input.value) ? input.value : null);
  async function changed() {
    draw();
    if (value() === (settled || null)) return;
    const before = settled;
    settled = value() ?? "";
    if (await seat.changed({ [field]: value(), ...zone() })) return;
    settled = input.value = before;
    draw();
  }
  const draw = () => say(words, caption(value(), spec) ?? "");
  function update(next) {
    spec = next;
    name(input, seat, spec);
    draw();
  }
  update(first);
  return {
    el: h("div", { class: "picker" }, input, words),
    input,
    update,
    read: () => ({ type: spec.type, [field]: value(), ...zone() }),
    focus: () => input.focus(),
  };
}

/** Builds a picker of date and time in the person's own zone; its value is Unix seconds. */
export function dateTimePicker(first, seat) {
  const start = seat.saved ? seat.saved.selected_date_time : first.initial_date_time;
  const shown = start ? wall(new Date(start * 1000), seat.viewer.tz) : { date: "", time: "" };
  const [date, time] = ["date", "time"].map((part) =>
    h("input", {
      type: part,
      class: "text-input picker-input",
      "aria-label": part === "date" ? "Date" : "Time",
      value: shown[part],
      data: { ...seat.hooks, part },
      onchange: changed,
      onkeydown: (event) => submitOnEnter(event, seat),
    }),
  );
  const words = h("span", { class: "picker-words" });
  const el = h("div", { class: "picker", role: "group" }, date, time, words);
  function value() {
    if (!date.value || !time.value || Number(date.value.slice(0, 4)) < EARLIEST_YEAR) return null;
    return Math.floor(fromWall(date.value, time.value, seat.viewer.tz) / 1000);
  }
  let settled = shown;
  async function changed() {
    draw();
    const isKept = value() === null || (await seat.changed({ selected_date_time: value() }));
    if (isKept) settled = { date: date.value, time: time.value };
    else [date.value, time.value] = [settled.date, settled.time];
    draw();
  }
  const draw = () => {
    const day = date.value ? `${dateWords(date.value)} · ` : "";
    say(words, `${day}${zoneCity(seat.viewer.tz)} time`);
  };
  draw();
  return {
    el,
    input: el,
    read: () => ({ type: "datetimepicker", selected_date_time: value() }),
    focus: () => date.focus(),
  };
}

function dateWords(date) {
  return longDay(new Date(`${date}T12:00:00Z`), "UTC");
}

function name(input, seat, spec) {
  const label = seat.placement().inInput ? null : plainText(spec.placeholder) || "Pick";
  set(input, { "aria-label": label });
}

function submitOnEnter(event, { surface }) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  surface.enter?.();
}
