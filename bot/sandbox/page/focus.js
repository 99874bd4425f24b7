/** Keeps the keyboard inside a dialog. */

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]):not([tabindex="-1"]), textarea:not([disabled]), [tabindex="0"]';

/** Makes Tab go round inside `el`. */
export function trapFocus(el) {
  el.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const stops = [...el.querySelectorAll(FOCUSABLE)].filter(isReachable);
    const [first, last] = [stops[0], stops.at(-1)];
    const from = document.activeElement;
    if (event.shiftKey && (from === first || from === el)) go(event, last);
    else if (!event.shiftKey && from === last) go(event, first);
  });
}

function isReachable(el) {
  return el.offsetParent !== null && el.tabIndex >= 0;
}

function go(event, target) {
  event.preventDefault();
  target?.focus();
}
