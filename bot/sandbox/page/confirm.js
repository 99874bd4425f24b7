/** The question "are you sure", asked over one pane. */

import { fill, freshId, h } from "./dom.js";
import { textNodes, plainText } from "./blockkit/text.js";
import { trapFocus } from "./focus.js";

/** Builds the layer; `ask(confirmation)` answers true or false, `changed()` hears of opening and closing. */
export function createConfirmLayer(changed) {
  const el = h("div", { class: "confirm-layer", hidden: true });
  let answer = null;
  function close(isYes) {
    const [settle, opener] = [answer?.settle, answer?.opener];
    answer = null;
    el.hidden = true;
    fill(el);
    changed();
    if (opener?.isConnected) opener.focus();
    settle?.(isYes);
  }
  function ask(confirmation, viewer) {
    if (answer) close(false);
    const opener = document.activeElement;
    const dialog = dialogOf(confirmation, viewer, close);
    fill(el, dialog.el);
    el.hidden = false;
    return new Promise((settle) => {
      answer = { settle, opener };
      changed();
      dialog.first.focus();
    });
  }
  return { el, ask, isOpen: () => answer !== null, end: () => answer && close(false) };
}

function dialogOf({ title, text, confirm, deny, style }, viewer, close) {
  const id = freshId("confirm");
  const tone = style === "danger" ? "btn-danger" : "btn-primary";
  const button = (words, look, testid, outcome) =>
    h(
      "button",
      { type: "button", class: `btn ${look}`, data: { testid }, onclick: () => close(outcome) },
      h("span", { dir: "auto" }, words),
    );
  const no = button(plainText(deny) || "Cancel", "", "confirm-deny", false);
  const yes = button(plainText(confirm) || "Yes", tone, "confirm-ok", true);
  const el = h(
    "div",
    {
      class: "modal confirm",
      role: "alertdialog",
      "aria-modal": "true",
      "aria-labelledby": id,
      "aria-describedby": `${id}-text`,
      tabIndex: -1,
      data: { testid: "confirm" },
      onkeydown: (event) => event.key === "Escape" && (event.stopPropagation(), close(false)),
    },
    h("h2", { class: "modal-title", id, dir: "auto" }, plainText(title)),
    h("div", { class: "confirm-text", id: `${id}-text` }, textNodes(text, viewer)),
    h("footer", { class: "modal-foot" }, no, yes),
  );
  trapFocus(el);
  return { el, first: style === "danger" ? no : yes };
}
