/** The files of a message: pictures are shown, anything else is a card with its name and size. */

import { h, icon } from "./dom.js";

const UNITS = ["bytes", "kB", "MB", "GB"];

/** Builds what hangs on a message. */
export function attachments(files) {
  return files.map((file) => (file.is_image ? picture(file) : card(file)));
}

function picture(file) {
  const alt = file.alt_txt || file.title || file.name;
  const look = { href: file.src, target: "_blank", rel: "noopener noreferrer" };
  const title = `Open ${file.name} in full size`;
  const img = h("img", { src: file.src, alt, class: "image-large", loading: "lazy" });
  return h(
    "figure",
    { class: "attached", data: { testid: "file", file: file.id } },
    h("figcaption", { class: "image-title", dir: "auto" }, file.title || file.name),
    h("a", { ...look, class: "image-link", title }, img),
  );
}

function card(file) {
  const name = file.title || file.name;
  const about = [file.title && file.title !== file.name && file.name, sizeWords(file.size)];
  const download = { href: `${file.src}&download`, download: file.name, class: "btn" };
  return h(
    "div",
    { class: "attached file-card", data: { testid: "file", file: file.id } },
    h("span", { class: "file-picture" }, icon("file")),
    h(
      "span",
      { class: "file-words" },
      h("b", { class: "file-name", dir: "auto" }, name),
      h("span", { class: "file-about", dir: "auto" }, about.filter(Boolean).join(" · ")),
    ),
    h("a", { ...download, "aria-label": `Download ${file.name}` }, "Download"),
  );
}

/** "1.2 kB". */
export function sizeWords(size) {
  const step = size > 0 ? Math.min(UNITS.length - 1, Math.floor(Math.log10(size) / 3)) : 0;
  const count = size / 1000 ** step;
  const words = step && count < 10 ? count.toFixed(1) : String(Math.round(count));
  return `${words} ${size === 1 ? "byte" : UNITS[step]}`;
}
