/** A conversation: its messages by day, what is new in it, and the composer below. */

import { h, keyedList } from "./dom.js";
import { Composer } from "./composer.js";
import { emptyState } from "./empty.js";
import { createNotices } from "./notices.js";
import { createRow, rowsOf } from "./rows.js";
import { createTail } from "./tail.js";

const WORDS = {
  im: {
    picture: "chat",
    heading: "This is where {bot} writes to you.",
    words: "Say hello, or type /coach\u00a0help to see what it can do.",
    label: "Message {bot}",
  },
  channel: {
    picture: "hash",
    heading: "It is quiet in #general.",
    words: "Commands work here too, and only you see the answers.",
    label: "Message #general",
  },
};

/** The messages between a person and the bot, or in #general; `see()` says somebody looks at it. */
export class Conversation {
  #viewer;
  #talk = { id: "", messages: [], unread: 0 };
  #line = null;
  #isEntered = false;
  #fresh = new Set();
  #show;

  constructor(viewer, { kind, refresh }) {
    this.#viewer = viewer;
    this.notices = createNotices(viewer, () => this.#draw());
    this.#furnish(wordsFor(kind, viewer));
    this.composer = new Composer(viewer, {
      label: wordsFor(kind, viewer).label,
      place: () => this.#talk.id,
      refresh,
      onSent: () => this.#sent(),
      onDone: refresh,
      complain: this.notices.add,
    });
    const create = (item) => createRow(item, viewer, this.#rowHooks(refresh));
    this.#show = keyedList(this.rows, { key: ({ key }) => key, create });
    const parts = [this.scroller, this.tail.el, this.composer.el];
    this.el = h("div", { class: "conversation" }, parts);
  }

  get unread() {
    return this.#talk.unread;
  }

  #furnish({ picture, heading, words }) {
    this.empty = emptyState(picture, heading, words);
    this.empty.hidden = true;
    this.rows = h("div", { class: "rows", role: "log", "aria-label": "Messages" });
    this.scroller = h("div", { class: "scroller", tabIndex: -1 }, this.empty, this.rows);
    this.tail = createTail(this.scroller, this.rows);
  }

  #rowHooks(refresh) {
    return { conversation: () => this.#talk.id, refresh, complain: this.notices.add };
  }

  render(talk) {
    if (!talk) return;
    this.tail.expect(talk.messages.length > this.#talk.messages.length);
    this.#talk = talk;
    this.composer.bolt.draw();
    this.#draw();
  }

  #draw() {
    const all = [...this.#talk.messages, ...this.notices.list()];
    const messages = all.sort((one, other) => Number(one.ts) - Number(other.ts));
    this.#show(rowsOf(messages, { viewer: this.#viewer, line: this.#line, fresh: this.#fresh }));
    this.rows.hidden = messages.length === 0;
    this.empty.hidden = messages.length > 0 || !this.#talk.id;
    this.tail.follow();
  }

  #sent() {
    this.#forget();
    this.tail.stick();
  }

  #forget() {
    this.#fresh.clear();
    this.#line = null;
    this.#draw();
  }

  leave() {
    this.#isEntered = false;
    this.#forget();
  }

  async see() {
    if (!this.#talk.id) return;
    const enters = !this.#isEntered;
    this.#isEntered = true;
    if (enters) this.tail.follow();
    if (this.unread) await this.#read(enters);
  }

  async #read(enters) {
    const others = this.#talk.messages.filter(({ user }) => user !== this.#viewer.me.id);
    const unread = others.slice(-this.unread);
    for (const { ts } of unread) this.#fresh.add(ts);
    if (enters) this.#line = unread[0]?.ts ?? null;
    this.#talk = { ...this.#talk, unread: 0 };
    this.#draw();
    const reading = this.#viewer.send("read", { conversation: this.#talk.id });
    await reading.catch(this.notices.add);
  }
}

function wordsFor(kind, viewer) {
  const name = viewer.bot?.name ?? "the app";
  const named = ([key, text]) => [key, text.replace("{bot}", name)];
  return Object.fromEntries(Object.entries(WORDS[kind]).map(named));
}
