/** Checkboxes and radio buttons. */

import { fill, freshId, h } from "../dom.js";
import { textNodes } from "./text.js";

/** Builds a group of checkboxes. */
export function checkboxes(first, seat) {
  const start = seat.saved ? seat.saved.selected_options : first.initial_options;
  const group = createGroup(first, seat, {
    kind: "checkbox",
    chosen: (start ?? []).map((option) => option.value),
    outcome: (options) => ({ selected_options: options }),
  });
  return group;
}

/** Builds a group of radio buttons. */
export function radioButtons(first, seat) {
  const start = seat.saved ? seat.saved.selected_option : first.initial_option;
  return createGroup(first, seat, {
    kind: "radio",
    chosen: start ? [start.value] : [],
    outcome: ([option]) => ({ selected_option: option ?? null }),
  });
}

function createGroup(first, seat, { kind, chosen, outcome }) {
  let spec = first;
  let picked = new Set(chosen);
  const name = freshId("choice");
  const el = h("div", {
    class: "choices",
    role: kind === "radio" ? "radiogroup" : "group",
    onchange: (event) => changed(event),
  });
  const options = () => (spec.options ?? []).filter(({ value }) => picked.has(value));
  async function changed(event) {
    event.stopPropagation();
    const before = picked;
    picked = new Set([...el.querySelectorAll("input:checked")].map((input) => input.dataset.value));
    if (await seat.changed(outcome(options()))) return;
    picked = before;
    draw();
  }
  function draw() {
    fill(
      el,
      (spec.options ?? []).map((option) => choice(option, { kind, name, picked, seat })),
    );
  }
  function update(next) {
    const same = JSON.stringify(next.options) === JSON.stringify(spec.options);
    spec = next;
    if (!same) draw();
  }
  draw();
  return {
    el,
    input: el,
    update,
    read: () => ({ type: spec.type, ...outcome(options()) }),
    focus: () => (el.querySelector("input:checked") ?? el.querySelector("input"))?.focus(),
  };
}

function choice(option, { kind, name, picked, seat }) {
  const id = freshId("option");
  const described = option.description ? `${id}-description` : null;
  const input = h("input", {
    type: kind,
    id,
    name,
    checked: picked.has(option.value),
    "aria-describedby": described,
    data: { ...seat.hooks, value: option.value },
  });
  return h(
    "div",
    { class: "choice" },
    input,
    h("label", { for: id, dir: "auto" }, textNodes(option.text, seat.viewer)),
    option.description &&
      h(
        "div",
        { class: "choice-description", id: described, dir: "auto" },
        textNodes(option.description, seat.viewer),
      ),
  );
}
