/**
 * Charts as plain SVG: bars, lines, areas and pies. Kinds differ by lightness and pattern besides
 * colour, so that they are told apart in grey; the numbers are there as a table for those who
 * listen.
 */

import { freshId, h, s } from "../dom.js";

const WIDTH = 560;
const LEFT = 44;
const TOP = 20;
const PLOT = { width: WIDTH - LEFT - 8, height: 200 };
/** The room for the names below: written straight, or turned where they are many. */
const BELOW = { straight: 30, turned: 72 };
const LETTER = 11;
/** Of each place in the order of the series: how light, and which pattern lies over it. */
const LOOKS = [
  { class: "kind-1", pattern: null },
  { class: "kind-2", pattern: "M0 8L8 0M-2 2L2 -2M6 10L10 6" },
  { class: "kind-3", pattern: "M2 2h2v2h-2zM6 6h2v2h-2z" },
  { class: "kind-4", pattern: "M0 0L8 8M0 8L8 0" },
  { class: "kind-5", pattern: "M0 4h8" },
  { class: "kind-6", pattern: "M4 0v8" },
];

/** Builds a chart with its title, its key and its numbers. */
export function chart(block) {
  const { chart: data = {}, title } = block;
  const name = freshId("chart");
  const parts = data.type === "pie" ? pieParts(data) : axisParts(data);
  const draw = DRAWINGS[data.type] ?? (() => []);
  const below = isTurned(data) ? BELOW.turned : BELOW.straight;
  const drawing = s(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${TOP + PLOT.height + below}`, class: "chart-drawing", "aria-hidden": "true" },
    s("defs", {}, parts.map((_, at) => pattern(name, at))),
    draw(data, name),
  );
  return h(
    "figure",
    { class: "chart", role: "group", "aria-label": title },
    h("figcaption", { class: "chart-title", dir: "auto" }, title),
    drawing,
    h("ul", { class: "chart-key", "aria-hidden": "true" }, parts.map((words, at) => keyOf(name, at, words))),
    numbers(data, title),
  );
}

const DRAWINGS = { bar: bars, line: lines, area: areas, pie };

function pieParts(data) {
  return (data.segments ?? []).map((each) => `${each.label}: ${said(each.value)}`);
}

function axisParts(data) {
  return (data.series ?? []).map((each) => each.name);
}

function pattern(name, at) {
  const look = lookOf(at);
  return s(
    "pattern",
    { id: `${name}-${at}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" },
    s("rect", { width: 8, height: 8, class: look.class }),
    look.pattern && s("path", { d: look.pattern, class: "chart-hatch" }),
  );
}

function lookOf(at) {
  return LOOKS[at % LOOKS.length];
}

function keyOf(name, at, words) {
  const mark = s(
    "svg",
    { viewBox: "0 0 22 14", class: "chart-mark" },
    s("rect", { x: 0.5, y: 0.5, width: 21, height: 13, class: "chart-shape", fill: `url(#${name}-${at})` }),
  );
  return h("li", {}, mark, h("span", { dir: "auto" }, words));
}

/** Where values stand: the highest and lowest step of the scale, and a way from value to place. */
function scaleOf(data) {
  const values = (data.series ?? []).flatMap((each) => (each.data ?? []).map((point) => point.value));
  const step = stepOf(Math.max(0, ...values) - Math.min(0, ...values));
  const high = Math.max(step, Math.ceil(Math.max(0, ...values) / step) * step);
  const low = Math.floor(Math.min(0, ...values) / step) * step;
  const place = (value) => TOP + (PLOT.height * (high - value)) / (high - low);
  return { low, high, step, place };
}

function stepOf(span) {
  const rough = Math.max(span, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  return Math.max(step, Number.isInteger(span) ? 1 : step);
}

function categoriesOf(data) {
  return data.axis_config?.categories ?? [];
}

function isTurned(data) {
  return categoriesOf(data).length > 6;
}

function frame(data, scale) {
  const categories = categoriesOf(data);
  const steps = Math.round((scale.high - scale.low) / scale.step);
  const ticks = Array.from({ length: steps + 1 }, (_, at) => scale.low + at * scale.step);
  const across = { x1: LEFT, x2: LEFT + PLOT.width, class: "chart-line" };
  return [
    ticks.map((value) => [
      s("line", { ...across, y1: scale.place(value), y2: scale.place(value) }),
      s("text", { x: LEFT - 6, y: scale.place(value) + 4, class: "chart-tick" }, said(value)),
    ]),
    categories.map((words, at) => labelOf(words, at, categories.length, isTurned(data))),
  ];
}

/** Writes a name below its place; of very many, every other one. */
function labelOf(words, at, count, turned) {
  if (count > 12 && at % 2) return null;
  const room = PLOT.width / count;
  const x = LEFT + room * (at + 0.5);
  const y = TOP + PLOT.height + 20;
  const turn = turned ? `rotate(-35 ${x} ${y - 6})` : null;
  const look = { x, y, class: turned ? "chart-label chart-turned" : "chart-label", transform: turn };
  return s("text", look, short(words, turned ? 9 : Math.floor(room / LETTER)));
}

function short(words, most) {
  const letters = [...words];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : words;
}

function valueOf(series, label) {
  return (series.data ?? []).find((point) => point.label === label)?.value ?? 0;
}

function bars(data, name) {
  const scale = scaleOf(data);
  const categories = categoriesOf(data);
  const room = PLOT.width / categories.length;
  const wide = (room * 0.8) / data.series.length;
  const drawn = categories.map((label, at) =>
    data.series.map((series, place) => {
      const value = valueOf(series, label);
      const x = LEFT + room * (at + 0.1) + wide * place;
      const [top, foot] = [scale.place(Math.max(0, value)), scale.place(Math.min(0, value))];
      const bar = { x, y: top, width: Math.max(1, wide - 1), height: foot - top, class: "chart-shape" };
      const number = wide >= 12 && s("text", { x: x + wide / 2, y: top - 3, class: "chart-number" }, said(value));
      return value !== 0 && [s("rect", { ...bar, fill: `url(#${name}-${place})` }), number];
    }),
  );
  return [frame(data, scale), drawn];
}

function pathsOf(data, scale) {
  const categories = categoriesOf(data);
  const room = PLOT.width / categories.length;
  return data.series.map((series) =>
    categories.map((label, at) => [LEFT + room * (at + 0.5), scale.place(valueOf(series, label))]),
  );
}

function lines(data) {
  const scale = scaleOf(data);
  const drawn = pathsOf(data, scale).map((points, at) => [
    s("polyline", { points: points.join(" "), class: `chart-stroke ${lookOf(at).class} dash-${at + 1}` }),
    points.map(([cx, cy]) => s("circle", { cx, cy, r: 3, class: `chart-dot ${lookOf(at).class}` })),
  ]);
  return [frame(data, scale), drawn];
}

function areas(data, name) {
  const scale = scaleOf(data);
  const zero = scale.place(0);
  const drawn = pathsOf(data, scale).map((points, at) => {
    const [first, last] = [points[0], points.at(-1)];
    const closed = [[first[0], zero], ...points, [last[0], zero]].join(" ");
    return s("polygon", { points: closed, class: "chart-shape chart-area", fill: `url(#${name}-${at})` });
  });
  return [frame(data, scale), drawn];
}

function pie(data, name) {
  const total = data.segments.reduce((sum, each) => sum + each.value, 0);
  const [x, y, radius] = [WIDTH / 2, TOP + PLOT.height / 2, PLOT.height / 2];
  if (data.segments.length === 1) {
    return s("circle", { cx: x, cy: y, r: radius, class: "chart-shape", fill: `url(#${name}-0)` });
  }
  let turned = 0;
  return data.segments.map((each, at) => {
    const [from, to] = [turned, turned + each.value / total];
    turned = to;
    const end = (part) => `${x + radius * Math.sin(2 * Math.PI * part)} ${y - radius * Math.cos(2 * Math.PI * part)}`;
    const large = to - from > 0.5 ? 1 : 0;
    const d = `M${x} ${y}L${end(from)}A${radius} ${radius} 0 ${large} 1 ${end(to)}Z`;
    return s("path", { d, class: "chart-shape", fill: `url(#${name}-${at})` });
  });
}

/** The numbers as a table that only screen readers show. */
function numbers(data, title) {
  const pieces = data.segments ?? [];
  const series = data.series ?? [];
  const heads = data.type === "pie" ? ["", "Value"] : ["", ...series.map((each) => each.name)];
  const rows =
    data.type === "pie"
      ? pieces.map((each) => [each.label, each.value])
      : categoriesOf(data).map((label) => [label, ...series.map((each) => valueOf(each, label))]);
  return h(
    "table",
    { class: "visually-hidden" },
    h("caption", {}, title),
    h("thead", {}, h("tr", {}, heads.map((words) => h("th", { scope: "col" }, words)))),
    h("tbody", {}, rows.map(([label, ...values]) =>
      h("tr", {}, h("th", { scope: "row" }, label), values.map((value) => h("td", {}, said(value)))),
    )),
  );
}

function said(value) {
  return value.toLocaleString("en-GB");
}
