/** Slack's date tokens, `<!date^unix^{date_pretty} at {time}|fallback>`, in the reader's zone. */

import { capital, longDay, nearDay, parts, relative, timeOfDay, wall } from "../time.js";

const FORMS = {
  date: (at, { tz }) => spoken(at, tz, { month: "long" }),
  date_short: (at, { tz }) => spoken(at, tz, { month: "short" }),
  date_long: (at, { tz }) => longDay(at, tz),
  date_num: (at, { tz }) => wall(at, tz).date,
  date_slash: (at, { tz }) => wall(at, tz).date.split("-").reverse().join("/"),
  time: (at, { tz }) => timeOfDay(at, tz),
  time_secs: (at, { tz }) => timeOfDay(at, tz, "seconds"),
  ago: (at, { now }) => relative(at, now),
};

const PRETTY = {
  date_pretty: FORMS.date,
  date_short_pretty: FORMS.date_short,
  date_long_pretty: FORMS.date_long,
  day_divider_pretty: (at, { tz }) => longDay(at, tz, { year: false }),
};

const TOKEN = /\{(\w+)\}/g;

/** The text of a date entity; the fallback where the format or the instant cannot be read. */
export function dateText(unix, format, { tz, now, fallback = "", first = false }) {
  const at = new Date(Number(unix) * 1000);
  if (!Number.isFinite(at.getTime()) || !knownTokens(format)) return fallback || format;
  const text = format.replace(TOKEN, (_, name) => oneToken(name, at, { tz, now }));
  return first ? capital(text) : text;
}

/** Whether the text of a format changes as minutes pass. */
export function isMoving(format) {
  return format.includes("{ago}");
}

function knownTokens(format) {
  const names = [...format.matchAll(TOKEN)].map(([, name]) => name);
  return names.length > 0 && names.every((name) => name in FORMS || name in PRETTY);
}

function oneToken(name, at, clock) {
  if (name in FORMS) return FORMS[name](at, clock);
  return nearDay(at, clock.tz, clock.now) ?? PRETTY[name](at, clock);
}

function spoken(at, zone, { month }) {
  const p = parts(at, zone, { day: "numeric", month, year: "numeric" });
  const name = month === "short" ? p.month.slice(0, 3) : p.month;
  return `${p.day} ${name} ${p.year}`;
}
