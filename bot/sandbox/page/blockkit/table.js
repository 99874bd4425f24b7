/** The table block: rows of cells, the first row as headings; it scrolls by itself when wide. */

import { h } from "../dom.js";
import { richText } from "./richtext.js";

/** Builds a table. */
export function table(block, viewer) {
  const settings = block.column_settings ?? [];
  const rows = (block.rows ?? []).map((cells, at) =>
    h(
      "tr",
      {},
      cells.map((cell, column) => cellNode(cell, { isHead: at === 0, viewer, ...settings[column] })),
    ),
  );
  const look = { class: "table-holder", role: "region", "aria-label": "Table", tabIndex: 0 };
  return h("div", look, h("table", {}, h("tbody", {}, rows)));
}

function cellNode(cell, { isHead, viewer, align = "left", is_wrapped: isWrapped = false }) {
  const look = `cell-${align} ${isWrapped ? "cell-wrapped" : ""}`;
  const inside = cell?.type === "rich_text" ? richText(cell, viewer) : String(cell?.text ?? "");
  return h(isHead ? "th" : "td", { class: look, scope: isHead ? "col" : null, dir: "auto" }, inside);
}
