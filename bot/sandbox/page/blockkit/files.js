/** The file input: what is chosen is uploaded at once and listed by name. */

import { sizeWords } from "../attachments.js";
import { fill, h, icon, say, set } from "../dom.js";

const MOST_FILES = 10;

/** Builds a file input. */
export function fileInput(first, seat) {
  let spec = first;
  let files = (seat.saved?.files ?? []).slice();
  const most = () => spec.max_files ?? MOST_FILES;
  const parts = frame(spec, seat, chosen);
  function keep(next) {
    files = next;
    fill(
      parts.list,
      files.map((file) => row(file, () => remove(file))),
    );
    parts.button.disabled = files.length >= most();
  }
  async function chosen() {
    const wanted = [...parts.chooser.files];
    parts.chooser.value = "";
    say(parts.problem, refusal(wanted, { spec, room: most() - files.length, most: most() }));
    if (parts.problem.textContent) return;
    await busy(async () => {
      for (const file of wanted) await upload(file);
    });
    seat.changed({ files });
  }
  async function busy(work) {
    set(parts.el, { "aria-busy": "true" });
    say(parts.status, "Uploading…");
    await work();
    say(parts.status, "");
    set(parts.el, { "aria-busy": null });
  }
  async function upload(file) {
    try {
      keep([...files, await seat.viewer.upload(file)]);
    } catch (error) {
      say(parts.problem, error.message);
    }
  }
  function remove(file) {
    keep(files.filter((other) => other !== file));
    say(parts.problem, "");
    parts.button.focus();
    seat.changed({ files });
  }
  function update(next) {
    spec = next;
    parts.chooser.multiple = most() > 1;
    keep(files);
  }
  update(first);
  const read = () => ({ type: "file_input", files });
  return { el: parts.el, input: parts.el, read, update, focus: () => parts.button.focus() };
}

function frame(spec, seat, onchange) {
  const chooser = h("input", { ...chooserLook(spec, seat), onchange });
  const words = h("span", {}, (spec.max_files ?? MOST_FILES) > 1 ? "Choose files" : "Choose a file");
  const onclick = () => chooser.click();
  const button = h("button", { type: "button", class: "btn", onclick }, icon("file"), words);
  const status = h("div", { class: "file-status", role: "status" });
  const problem = h("div", { class: "file-problem", role: "alert" });
  const list = h("ul", { class: "file-list" });
  const inside = [button, chooser, status, problem, list];
  const el = h("div", { class: "files", role: "group" }, inside);
  return { chooser, button, status, problem, list, el };
}

function chooserLook(spec, seat) {
  return {
    type: "file",
    class: "visually-hidden",
    tabIndex: -1,
    "aria-hidden": "true",
    accept: (spec.filetypes ?? []).map((type) => `.${type}`).join(",") || null,
    data: seat.hooks,
  };
}

/** Why these cannot be taken, or nothing. */
function refusal(wanted, { spec, room, most }) {
  const kinds = spec.filetypes ?? [];
  const isKnown = ({ name }) => kinds.includes(name.split(".").at(-1).toLowerCase());
  if (kinds.length && !wanted.every(isKnown))
    return `Please choose only files of these types: ${kinds.join(", ")}.`;
  if (wanted.length > room)
    return `Please choose no more than ${most} ${most === 1 ? "file" : "files"}.`;
  return "";
}

function row(file, onclick) {
  const look = { type: "button", class: "icon-btn", "aria-label": `Remove ${file.name}` };
  const name = h("span", { class: "file-row-name", dir: "auto" }, file.name);
  const size = h("small", {}, sizeWords(file.size));
  return h("li", {}, icon("file"), name, size, h("button", { ...look, onclick }, icon("close")));
}
