/** The data table: headings that sort, a page of rows at a time; it scrolls by itself when wide. */

import { fill, h } from "../dom.js";
import { richText } from "./richtext.js";

const USUAL_PAGE = 5;

/** Builds a data table. */
export function dataTable(block, viewer) {
  const [heads = [], ...rows] = block.rows ?? [];
  const seen = { page: 0, column: null, down: false };
  const root = h("div", { class: "data-table" });
  const redraw = (change, focused) => {
    Object.assign(seen, change);
    fill(root, holder(), pager());
    root.querySelector(`[data-name="${focused}"]:not(:disabled)`)?.focus();
  };
  const size = block.page_size ?? USUAL_PAGE;
  const pages = Math.ceil(rows.length / size);
  const key = block.row_header_column_index ?? 0;

  function holder() {
    const shown = sorted(rows, seen).slice(seen.page * size, (seen.page + 1) * size);
    const look = { class: "table-holder", role: "region", "aria-label": block.caption, tabIndex: 0 };
    return h(
      "div",
      look,
      h(
        "table",
        {},
        h("caption", { dir: "auto" }, block.caption),
        h("thead", {}, h("tr", {}, heads.map(heading))),
        h("tbody", {}, shown.map((cells) => h("tr", {}, cells.map((cell, at) => cellNode(cell, at === key, viewer))))),
      ),
    );
  }

  function heading(cell, column) {
    const isSorted = seen.column === column;
    const direction = seen.down ? "descending" : "ascending";
    const turn = { column, down: isSorted && !seen.down, page: 0 };
    const look = { scope: "col", class: sideOf(rows[0]?.[column]), "aria-sort": isSorted ? direction : null };
    const name = `sort-${column}`;
    const sort = { type: "button", class: "sort", data: { name }, onclick: () => redraw(turn, name) };
    return h("th", look, h("button", sort, wordsOf(cell), h("span", { "aria-hidden": "true" }, markOf(isSorted, seen.down))));
  }

  function pager() {
    if (pages < 2) return null;
    const step = (words, name, by) => {
      const turn = () => redraw({ page: seen.page + by }, name);
      const look = { type: "button", class: "btn", data: { name }, onclick: turn };
      return h("button", { ...look, disabled: !isPage(seen.page + by) }, words);
    };
    const where = h("span", { class: "data-where", role: "status" }, `Page ${seen.page + 1} of ${pages}`);
    return h("div", { class: "data-pager" }, step("Previous", "previous", -1), where, step("Next", "next", 1));
  }

  function isPage(at) {
    return at >= 0 && at < pages;
  }

  redraw({});
  return root;
}

function markOf(isSorted, down) {
  if (!isSorted) return "";
  return down ? " ↓" : " ↑";
}

function cellNode(cell, isKey, viewer) {
  const inside = cell?.type === "rich_text" ? richText(cell, viewer) : wordsOf(cell);
  return h(isKey ? "th" : "td", { class: sideOf(cell), scope: isKey ? "row" : null, dir: "auto" }, inside);
}

function sideOf(cell) {
  return cell?.type === "raw_number" ? "cell-right" : "cell-left";
}

function wordsOf(cell) {
  return String(cell?.text ?? "");
}

function sorted(rows, { column, down }) {
  if (column === null) return rows;
  const sign = down ? -1 : 1;
  const order = (a, b) => compare(valueOf(a[column]), valueOf(b[column]));
  return rows.toSorted((a, b) => sign * order(a, b));
}

function valueOf(cell) {
  return cell?.type === "raw_number" ? cell.value : (cell?.text ?? JSON.stringify(cell));
}

function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other));
}
