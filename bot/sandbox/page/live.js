/** What one person sees, kept fresh: read whole at every change that the sandbox announces. */

import { read } from "./api.js";

const RETRY_MS = 1500;

/**
 * Follows one person's state. `onState(state)` gets every newer one, once `still()` is done;
 * `onLink(isUp, words)` hears whether the sandbox can be reached.
 */
export class Live {
  #personId;
  #hooks;
  #isStopped = false;
  #version = -1;
  #reading = Promise.resolve();
  #queued = null;
  #events = null;
  #retry = null;

  constructor(personId, { still, onState, onLink }) {
    this.#personId = personId;
    this.#hooks = { still, onState, onLink };
    this.#connect();
    this.refresh();
  }

  /** Reads again; done once a state that was read after this call has been shown. */
  refresh() {
    this.#queued ??= this.#reading.catch(() => null).then(() => {
      this.#queued = null;
      return (this.#reading = this.#readOnce());
    });
    return this.#queued;
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    this.#events?.close();
  }

  async #readOnce() {
    if (this.#isStopped) return;
    try {
      const state = await read("state", { as: this.#personId });
      await this.#hooks.still();
      if (this.#isStopped || state.version < this.#version) return;
      this.#version = state.version;
      this.#hooks.onLink(true);
      this.#hooks.onState(state);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error) {
    if (this.#isStopped) return;
    if (!error.code) throw error;
    if (error.code === "unreachable") this.#lose();
    else this.#hooks.onLink(true, error.message);
  }

  #lose() {
    this.#hooks.onLink(false);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), RETRY_MS);
  }

  #connect() {
    if (this.#isStopped) return;
    this.#events?.close();
    const events = new EventSource(`/sandbox/events?as=${encodeURIComponent(this.#personId)}`);
    events.onopen = () => {
      this.#version = -1;
      this.refresh();
    };
    events.onmessage = ({ data }) => {
      if (JSON.parse(data).version !== this.#version) this.refresh();
    };
    events.onerror = () => this.#lose();
    this.#events = events;
  }
}
