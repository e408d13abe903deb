import { ServerError } from './api.js';

const POLL_INTERVAL = 20_000;
const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 15_000;

/** Quick turns need no typing indicator, and attempts that fail at once must not make it flicker. */
const TYPING_DELAY = 250;

/** Refusals that may pass: timeout, conflict with a running turn, too early. */
const PASSING_REFUSALS = new Set([408, 409, 425]);

/**
 * A conversation with the assistant: opens the session, sends what the partner writes, in order and exactly once,
 * and fetches what others write. One loop makes one request at a time, so that nothing overtakes.
 *
 * It tells its listener
 * - onOpen({messages, unsent, hasExpired}): what a conversation begins or goes on with, and the texts still to be sent;
 *   `hasExpired` if it replaces one that the server has forgotten
 * - onMessages(messages): new messages of either side
 * - onTyping(isTyping): whether the assistant is at work
 * - onNotice(null | {kind: "offline" | "throttled", isQueued, text}): what the messages are waiting for
 * - onRefused(text): the server did not accept a message
 */
export class Conversation {
  #api;
  #store;
  #locale;
  #listener;
  #token;
  #cursor;
  #outbox;
  #isOpen = false;
  #hasExpired = false;
  #isStale = false;
  #isWorking = false;
  #failures = 0;
  #abort = new AbortController();
  #endPause = () => {};
  #timer;

  constructor({ api, store, locale, listener }) {
    this.#api = api;
    this.#store = store;
    this.#locale = locale;
    this.#listener = listener;
    this.#token = store.token;
    this.#outbox = store.outbox;
  }

  /** Fetches what is new, now and from time to time, until `rest` is called. */
  attend() {
    this.rest();
    this.#timer = setInterval(() => this.refresh(), POLL_INTERVAL);
    this.refresh();
  }

  rest() {
    clearInterval(this.#timer);
  }

  /** Fetches what is new, without waiting any longer after a failure. */
  refresh() {
    this.#isStale = true;
    if (this.#failures) this.#endPause();
    this.#work();
  }

  /** Sends what the partner sees already as said. */
  send(text, payload) {
    this.#outbox.push({ id: uuid(), text, payload, isShown: true });
    this.#saveOutbox();
    if (this.#failures) this.#notify('offline');
    this.#work();
  }

  /** Leaves this conversation, with what is still unsent, and begins a new one. */
  restart() {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#outbox = [];
    this.#saveOutbox();
    this.#forgetSession();
    this.#hasExpired = false;
    this.#endPause();
    this.#work();
  }

  async #work() {
    if (this.#isWorking) return;
    this.#isWorking = true;
    while (!this.#isOpen || this.#isStale || this.#outbox.length) {
      const { signal } = this.#abort;
      try {
        await this.#step(signal);
        this.#failures = 0;
        this.#listener.onNotice(null);
      } catch (error) {
        if (!signal.aborted) await this.#recover(error);
      }
    }
    this.#isWorking = false;
  }

  async #step(signal) {
    if (!this.#isOpen) {
      await this.#openSession(signal);
      return;
    }
    if (this.#outbox.length) {
      const news = await this.#showTypingDuring(this.#deliver(this.#outbox[0], signal));
      this.#dropFirst();
      this.#advance(news);
    } else {
      const news = await this.#api.messagesAfter(this.#token, this.#cursor, signal);
      this.#isStale = false;
      this.#advance(news);
    }
    this.#hasExpired = false;
  }

  async #openSession(signal) {
    const { token, messages, cursor } = await this.#api.openSession(this.#token, this.#locale, signal);
    this.#token = token;
    this.#store.token = token;
    this.#cursor = cursor;
    this.#isOpen = true;
    this.#isStale = false;
    this.#begin(messages);
  }

  async #deliver(item, signal) {
    const news = await this.#api.send(this.#token, item, signal);
    const isAll = news.cursor === this.#cursor + 1 + news.messages.length;
    if (isAll && item.isShown) return news;
    const known = await this.#catchUp(item, signal);
    // A turn that failed is in no history; what the server says about it still has to be seen.
    return known.messages.some(({ from }) => from === 'assistant') ? known : { ...known, messages: news.messages };
  }

  /** Others wrote in between, or the page before this one sent the message: only the server knows the order. */
  async #catchUp(item, signal) {
    const news = await this.#api.messagesAfter(this.#token, this.#cursor, signal);
    const own = item.isShown ? news.messages.findLastIndex(({ from }) => from === 'partner') : -1;
    return { ...news, messages: news.messages.filter((_, index) => index !== own) };
  }

  async #showTypingDuring(turn) {
    const timer = setTimeout(() => this.#listener.onTyping(true), TYPING_DELAY);
    try {
      return await turn;
    } finally {
      clearTimeout(timer);
      this.#listener.onTyping(false);
    }
  }

  async #recover(error) {
    const status = error instanceof ServerError ? error.status : 0;
    if (status === 401 && this.#isOpen && !this.#hasExpired) {
      this.#forgetSession();
      this.#hasExpired = true;
    } else if (status === 429) {
      this.#failures = 0;
      this.#notify('throttled', error.text);
      await this.#pause(Math.max(error.retryAfter * 1000, FIRST_RETRY));
    } else if (this.#isOpen && this.#outbox.length && isFinal(status)) {
      this.#dropFirst();
      this.#listener.onRefused(error.text);
    } else {
      this.#failures += 1;
      this.#notify('offline');
      await this.#pause(Math.min(FIRST_RETRY * 2 ** (this.#failures - 1), LONGEST_RETRY));
    }
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #advance({ messages, cursor, beginsAnew }) {
    this.#cursor = cursor;
    if (beginsAnew) this.#begin(messages);
    else if (messages.length) this.#listener.onMessages(messages);
  }

  /** Shows a conversation from its beginning. */
  #begin(messages) {
    const unsent = this.#outbox.filter(({ isShown }) => isShown).map(({ text }) => text);
    this.#listener.onOpen({ messages, unsent, hasExpired: this.#hasExpired });
  }

  #forgetSession() {
    this.#token = null;
    this.#store.token = null;
    this.#isOpen = false;
  }

  #dropFirst() {
    this.#outbox.shift();
    this.#saveOutbox();
  }

  #saveOutbox() {
    this.#store.outbox = this.#outbox.map(({ id, text, payload }) => ({ id, text, payload }));
  }

  #notify(kind, text = '') {
    this.#listener.onNotice({ kind, text, isQueued: this.#outbox.length > 0 });
  }
}

const isFinal = (status) => status >= 400 && status < 500 && status !== 401 && !PASSING_REFUSALS.has(status);

/** Unlike crypto.randomUUID, works on pages without https too. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
