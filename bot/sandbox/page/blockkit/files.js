/** The file input: what was chosen is listed by name, and only the name is sent. */

import { fill, h, icon } from "../dom.js";

const MOST_FILES = 10;

/** Builds a file input. */
export function fileInput(spec, seat) {
  const most = spec.max_files ?? MOST_FILES;
  let files = (seat.saved?.files ?? []).slice();
  const chooser = h("input", { ...chooserLook(spec, seat), multiple: most > 1, onchange: chosen });
  const button = chooseButton(most, () => chooser.click());
  const list = h("ul", { class: "file-list" });
  const el = h("div", { class: "files", role: "group" }, button, chooser, list);
  function keep(next) {
    files = next;
    fill(
      list,
      files.map((file) => row(file, () => remove(file))),
    );
  }
  function chosen() {
    keep([...files, ...[...chooser.files].map(described)].slice(-most));
    chooser.value = "";
    seat.changed({ files });
  }
  function remove(file) {
    keep(files.filter((other) => other !== file));
    button.focus();
  }
  keep(files);
  const read = () => ({ type: "file_input", files });
  return { el, input: el, read, focus: () => button.focus() };
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

function chooseButton(most, onclick) {
  const words = h("span", {}, most > 1 ? "Choose files" : "Choose a file");
  return h("button", { type: "button", class: "btn", onclick }, icon("file"), words);
}

function described({ name, size, type }) {
  return { name, title: name, size, mimetype: type || "application/octet-stream" };
}

function row(file, onclick) {
  const look = { type: "button", class: "icon-btn", "aria-label": `Remove ${file.name}` };
  const name = h("span", { dir: "auto" }, file.name);
  return h("li", {}, icon("file"), name, h("button", { ...look, onclick }, icon("close")));
}
