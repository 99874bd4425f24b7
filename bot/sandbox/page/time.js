/**
 * Instants in words, always in a named zone: the reader's. Nothing here asks the browser for its
 * own zone or for the real time.
 */

const LOCALE = "en-GB";
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The parts of an instant on the wall of a zone, as text: year, month, day, hour, and so on. */
export function parts(instant, zone, options) {
  const found = formatter(zone, options).formatToParts(instant);
  return Object.fromEntries(found.map(({ type, value }) => [type, value]));
}

const formatter = remembering((zone, options) => {
  const known = { calendar: "gregory", numberingSystem: "latn", ...options };
  try {
    return new Intl.DateTimeFormat(LOCALE, { ...known, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat(LOCALE, { ...known, timeZone: "UTC" });
  }
});

function remembering(make) {
  const known = new Map();
  return (zone, options) => {
    const key = `${zone} ${JSON.stringify(options)}`;
    if (!known.has(key)) known.set(key, make(zone, options));
    return known.get(key);
  };
}

/** "3:05 pm", or with seconds "3:05:09 pm". */
export function timeOfDay(instant, zone, precision = "minutes") {
  const p = parts(instant, zone, {
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const hour = Number(p.hour);
  const seconds = precision === "seconds" ? `:${p.second}` : "";
  return `${hour % 12 || 12}:${p.minute}${seconds} ${hour < 12 ? "am" : "pm"}`;
}

/** "Fri 21 Nov, 3:05 pm". */
export function dayAndTime(instant, zone) {
  const p = parts(instant, zone, { weekday: "short", day: "numeric", month: "short" });
  return `${p.weekday} ${p.day} ${p.month.slice(0, 3)}, ${timeOfDay(instant, zone)}`;
}

/** "Friday 21 November 2025", with the year only where asked for. */
export function longDay(instant, zone, { year = true } = {}) {
  const p = parts(instant, zone, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  return `${p.weekday} ${p.day} ${p.month}${year ? ` ${p.year}` : ""}`;
}

/** What a calendar and a clock on the wall show: {date: "2025-11-21", time: "15:05"}. */
export function wall(instant, zone) {
  const p = parts(instant, zone, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return { date: `${p.year}-${p.month}-${p.day}`, time: `${p.hour}:${p.minute}` };
}

/**
 * The instant at which the wall of a zone shows that date and time; a time that the clocks leap
 * over in spring is read as the later one.
 */
export function fromWall(date, time, zone) {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  const first = 2 * wanted - shownAt(wanted, zone);
  const second = first + wanted - shownAt(first, zone);
  return new Date(shownAt(second, zone) === wanted ? second : Math.max(first, second));
}

function shownAt(instant, zone) {
  const shown = wall(new Date(instant), zone);
  return Date.parse(`${shown.date}T${shown.time}:00Z`);
}

/** How many days the instant's date lies after today's date: -1 is yesterday. */
function daysFromToday(instant, zone, now) {
  const day = (at) => Date.parse(wall(at, zone).date) / (DAY * 1000);
  return day(instant) - day(now);
}

/** "today", "yesterday" or "tomorrow", or null on any other day. */
export function nearDay(instant, zone, now) {
  const names = { "-1": "yesterday", 0: "today", 1: "tomorrow" };
  return names[daysFromToday(instant, zone, now)] ?? null;
}

/** A heading between two days: "Today", "Yesterday", "Friday 21 November". */
export function dayHeading(instant, zone, now) {
  const near = nearDay(instant, zone, now);
  const sameYear = wall(instant, zone).date.slice(0, 4) === wall(now, zone).date.slice(0, 4);
  return near ? capital(near) : longDay(instant, zone, { year: !sameYear });
}

/** "in 5 minutes", "3 hours ago", "now". */
export function relative(instant, now) {
  const seconds = Math.round((instant - now) / 1000);
  const far = Math.abs(seconds);
  const [size, unit] = [
    [DAY, "day"],
    [HOUR, "hour"],
    [MINUTE, "minute"],
  ].find(([length]) => far >= length) ?? [1, "second"];
  if (unit === "second") return far < 10 ? "now" : seconds > 0 ? "in a moment" : "a moment ago";
  const count = Math.floor(far / size);
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds > 0 ? `in ${words}` : `${words} ago`;
}

/** A zone in a word or two: "New York" for America/New_York. */
export function zoneCity(zone) {
  return (zone ?? "UTC").split("/").at(-1).replaceAll("_", " ");
}

/** The first letter large, the rest as it was. */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
