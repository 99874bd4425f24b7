/** The sandbox's own time, which may run ahead of the real one. */

const TICK_MS = 1000;

/** Builds a clock; `set` takes what the sandbox says, `watch` is told every second and change. */
export function createClock() {
  let ahead = 0;
  let nextDue = null;
  const watchers = new Set();
  const tell = () => watchers.forEach((watcher) => watcher());
  setInterval(tell, TICK_MS);
  return {
    set(clock) {
      ahead = Date.parse(clock.now) - Date.now();
      nextDue = clock.next_due ? new Date(clock.next_due) : null;
      tell();
    },
    now: () => new Date(Date.now() + ahead),
    nextDue: () => nextDue,
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}
