/** The `markdown` block: everyday Markdown, brought to mrkdwn's own nodes. */

import { h } from "../dom.js";
import { inline } from "./inline.js";
import { mrkdwn } from "./render.js";

const HEADING = /^(#{1,6})\s+(.*)$/;
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;

/** The nodes of a Markdown text. */
export function markdown(text, viewer) {
  return sections(text ?? "").flatMap(({ kind, lines, level }) => {
    if (kind === "code") return mrkdwn(lines.join("\n"), viewer);
    if (kind === "rule") return [h("hr")];
    const body = lines.map(spoken).join("\n");
    if (kind === "text") return mrkdwn(body, viewer);
    return [h("div", { class: `md-h md-h${level}`, dir: "auto" }, inline(body, viewer))];
  });
}

function sections(text) {
  const found = [];
  let fenced = false;
  for (const line of text.split("\n")) {
    const fence = line.trim().startsWith("```");
    add(found, fenced || fence ? { kind: "code", line: fence ? "```" : line } : classify(line));
    if (fence) fenced = !fenced;
  }
  return found;
}

function classify(line) {
  const heading = HEADING.exec(line);
  if (heading) return { kind: "heading", level: heading[1].length, line: heading[2] };
  return { kind: RULE.test(line) ? "rule" : "text", line };
}

function add(found, { kind, line, level }) {
  const last = found.at(-1);
  if (last?.kind === kind && (kind === "text" || kind === "code")) last.lines.push(line);
  else found.push({ kind, level, lines: [line] });
}

function spoken(line) {
  return line
    .replace(/^(\s*)[*+-]\s+/, "$1• ")
    .replace(/!?\[([^\]]*)\]\((https?:[^\s)]+|mailto:[^\s)]+)\)/g, "<$2|$1>")
    .replace(/(?<!\*)\*(?![\s*])([^*\n]+)\*(?!\*)/g, "_$1_")
    .replace(/\*\*([^\n]+?)\*\*/g, "*$1*")
    .replace(/__([^\n]+?)__/g, "*$1*")
    .replace(/~~([^\n]+?)~~/g, "~$1~");
}
