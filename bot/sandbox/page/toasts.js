/** Short words at the foot of a pane that go away by themselves. */

import { h, icon } from "./dom.js";

const SHOWN_MS = 6000;

/** Builds the toasts of one pane. */
export function createToasts() {
  const el = h("div", { class: "toasts", role: "status", data: { testid: "toasts" } });
  let last;
  function show(text, look = "") {
    const close = h(
      "button",
      { type: "button", class: "icon-btn", "aria-label": "Dismiss", onclick: () => toast.remove() },
      icon("close"),
    );
    const toast = h(
      "div",
      { class: `toast ${look}`, data: { testid: "toast" } },
      h("span", { dir: "auto" }, text),
      close,
    );
    el.append(toast);
    setTimeout(() => toast.remove(), SHOWN_MS);
  }
  return {
    el,
    complain: (error) => show(error.message, "toast-error"),
    render(toast) {
      const isFirst = last === undefined;
      const isNew = toast && toast.id !== last;
      last = toast?.id ?? last ?? null;
      if (isNew && !isFirst) show(toast.text);
    },
  };
}
