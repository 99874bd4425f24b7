/** Which element is built by whom; an unknown one is said in a visible box. */

import { h } from "../dom.js";
import { button } from "./button.js";
import { checkboxes, radioButtons } from "./choices.js";
import { datePicker, dateTimePicker, timePicker } from "./datetime.js";
import { fileInput } from "./files.js";
import { menu, multiMenu } from "./menus.js";
import { overflow } from "./overflow.js";
import { picture } from "./pictures.js";
import { richTextInput } from "./richinput.js";
import { textInput } from "./textinput.js";

const CONTROLS = {
  button,
  workflow_button: button,
  overflow,
  static_select: menu,
  external_select: menu,
  users_select: menu,
  conversations_select: menu,
  channels_select: menu,
  multi_static_select: multiMenu,
  multi_external_select: multiMenu,
  multi_users_select: multiMenu,
  multi_conversations_select: multiMenu,
  multi_channels_select: multiMenu,
  datepicker: datePicker,
  timepicker: timePicker,
  datetimepicker: dateTimePicker,
  plain_text_input: textInput,
  number_input: textInput,
  url_text_input: textInput,
  email_text_input: textInput,
  checkboxes,
  radio_buttons: radioButtons,
  file_input: fileInput,
  rich_text_input: richTextInput,
  image: (spec, seat) => ({ el: picture(spec, seat.viewer, "image-accessory") }),
};

/**
 * Builds an element: `{el, input?, update?(spec), read?(), focus?()}`. `read` answers what Slack
 * would put into `state.values`.
 */
export function createControl(spec, seat) {
  return (CONTROLS[spec?.type] ?? unknown)(spec ?? {}, seat);
}

function unknown({ type }) {
  const words = `The sandbox does not know the element "${type}".`;
  return { el: h("div", { class: "unknown" }, words) };
}
