/** Remembers the session across page loads, and what is not delivered yet across reloads of this tab. */
export class Store {
  #session;
  #outbox;

  /** @param {string} root keeps apart the conversations with different servers */
  constructor(root) {
    this.#session = new Slot(() => localStorage, `partner-support-chat:${root}`);
    this.#outbox = new Slot(() => sessionStorage, `partner-support-chat:${root}:outbox`);
  }

  get token() {
    return this.#session.read();
  }

  set token(token) {
    this.#session.write(token);
  }

  get outbox() {
    try {
      return JSON.parse(this.#outbox.read()) ?? [];
    } catch {
      return [];
    }
  }

  set outbox(items) {
    this.#outbox.write(items.length ? JSON.stringify(items) : null);
  }
}

class Slot {
  #value = null;
  #storage = null;
  #key;

  constructor(openStorage, key) {
    this.#key = key;
    try {
      this.#storage = openStorage();
      this.#value = this.#storage.getItem(key);
    } catch {
      // Browsers may forbid storage in embedded pages; the conversation then lasts as long as the page.
    }
  }

  read() {
    return this.#value;
  }

  write(value) {
    this.#value = value;
    try {
      if (value === null) this.#storage?.removeItem(this.#key);
      else this.#storage?.setItem(this.#key, value);
    } catch {
      // Full or withdrawn storage is like none.
    }
  }
}
