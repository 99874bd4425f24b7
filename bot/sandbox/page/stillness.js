/**
 * Nothing on the page moves while something is pressed: a button that were shown anew between the
 * press and its release would never be clicked, and another might slip under the finger.
 */

const PRESSABLE = "a, button, input, label, summary, [role=option]";
/** A touch is followed by its click; after so long there is none. */
const CLICK_MS = 300;
/** Whoever presses longer than this does not mean a click. */
const MOST_MS = 5000;

/** Watches `root` for presses; `still()` is done once nothing is pressed. */
export function createStillness(root) {
  let pressed = null;
  let timer = null;
  function press() {
    if (!pressed) {
      pressed = {};
      pressed.over = new Promise((over) => (pressed.release = over));
    }
    after(MOST_MS);
  }
  function after(delay) {
    if (!pressed) return;
    clearTimeout(timer);
    timer = setTimeout(release, delay);
  }
  function release() {
    pressed.release();
    pressed = null;
  }
  const on = (kind, listener) => root.addEventListener(kind, listener, true);
  on("pointerdown", ({ target }) => target.closest(PRESSABLE) && press());
  on("pointerup", () => after(CLICK_MS));
  on("pointercancel", () => after(0));
  on("keydown", ({ key, target }) => key === " " && target.closest("button") && press());
  on("keyup", ({ key }) => key === " " && after(CLICK_MS));
  // Whoever listens for the click comes first.
  on("click", () => after(0));
  return async () => {
    while (pressed) await pressed.over;
  };
}
