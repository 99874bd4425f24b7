/** Which block is built by whom; what is not known is said in a visible box. */

import { fill, h } from "../dom.js";
import { markdown } from "../mrkdwn/markdown.js";
import { actions } from "./actions.js";
import { chart } from "./chart.js";
import { dataTable } from "./datatable.js";
import { inputBlock } from "./input.js";
import { context, image } from "./pictures.js";
import { richText } from "./richtext.js";
import { section } from "./section.js";
import { table } from "./table.js";
import { plainText } from "./text.js";

const LIVE = { section, actions, input: inputBlock };

const STILL = {
  header: (block) => h("h3", { class: "block-header", dir: "auto" }, plainText(block.text)),
  divider: () => h("hr"),
  context,
  image,
  rich_text: richText,
  table,
  data_table: dataTable,
  data_visualization: chart,
  markdown: (block, viewer) => markdown(block.text, viewer),
};

/** Builds one block: `{el, update(block, error), controls?(), focus?()}`. */
export function createBlock(block, surface, error) {
  const el = h("div", {
    class: `block block-${block.type}`,
    data: { blockType: block.type, block: block.block_id },
  });
  const live = LIVE[block.type];
  if (live) return live(el, block, surface, error);
  const show = (next) => fill(el, (STILL[next.type] ?? unknown)(next, surface.viewer));
  show(block);
  return { el, update: show };
}

function unknown(block) {
  return h(
    "div",
    { class: "unknown" },
    `The sandbox does not know how to show a block of type "${block.type}".`,
  );
}
