import { Api } from './api.js';
import { ChatView } from './chat-view.js';
import { Conversation } from './conversation.js';
import { chatIcon, closeIcon, restartIcon } from './icons.js';
import { loadScript } from './load-script.js';
import { escapeHtml } from './markdown.js';
import styles from './partner-support-chat.css';
import { Store } from './store.js';
import { chooseLanguage, localeOf, stringsOf } from './strings.js';

const OPTIONS = ['lang', 'theme', 'title', 'open'];
const LOAD_RETRY = 3_000;

const phone = matchMedia('(max-width: 480px)');

/** `<partner-support-chat>`: a button at the corner of the page, and the panel with the chat that it opens. */
export class PartnerSupportChat extends HTMLElement {
  /** Where the script came from, what allowed it, and its own options; set before the element is defined. */
  static source = { root: '', nonce: '', options: {} };

  #strings;
  #launcher;
  #panel;
  #notice;
  #confirm;
  #container;
  #view;
  #conversation;
  #loading;
  #connection;

  connectedCallback() {
    if (!this.shadowRoot) this.#render();
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    document.addEventListener('visibilitychange', () => this.#attend(), { signal });
    window.addEventListener('online', () => this.#attend(), { signal });
    for (const event of ['resize', 'scroll']) {
      window.visualViewport?.addEventListener(event, () => this.#fitScreen(), { signal });
    }
    if ('open' in this.dataset) this.open({ moveFocus: false });
  }

  disconnectedCallback() {
    this.#connection.abort();
    this.#conversation?.rest();
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  async open({ moveFocus = true } = {}) {
    this.#panel.hidden = false;
    this.#launcher.hidden = true;
    this.#fitScreen();
    if (moveFocus) this.#panel.focus();
    this.#loading ??= this.#load();
    await this.#loading;
    this.#attend();
    if (moveFocus && this.isOpen) this.#view.focus();
  }

  close() {
    const hadFocus = this.shadowRoot.activeElement !== null;
    this.#panel.hidden = true;
    this.#launcher.hidden = false;
    this.#attend();
    if (hadFocus) this.#launcher.focus();
  }

  #render() {
    for (const option of OPTIONS) {
      const value = PartnerSupportChat.source.options[option];
      if (value !== undefined) this.dataset[option] ??= value;
    }
    this.lang = chooseLanguage(this.dataset.lang, document.documentElement.lang, ...navigator.languages);
    this.#strings = stringsOf(this.lang);

    const root = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
    root.innerHTML = template(this.dataset.title || this.#strings.title, this.#strings);

    this.#launcher = root.querySelector('.launcher');
    this.#panel = root.querySelector('.panel');
    this.#notice = root.querySelector('.notice');
    this.#container = root.querySelector('.chat');
    this.#launcher.ariaHasPopup = 'dialog';
    this.#launcher.addEventListener('click', () => this.open());
    root.querySelector('.close').addEventListener('click', () => this.close());
    root.querySelector('.restart').addEventListener('click', () => this.#askToRestart());
    this.#confirm = root.querySelector('.confirm');
    this.#confirm.addEventListener('click', ({ target }) => {
      if (!target.closest('button')) return;
      this.#confirm.close();
      if (target.closest('.yes')) this.#restart();
    });
    this.#panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing && !this.#confirm.open) this.close();
    });
  }

  async #load() {
    const { root, nonce } = PartnerSupportChat.source;
    while (!customElements.get('deep-chat')) {
      try {
        await loadScript(`${root}deep-chat.js`, nonce);
      } catch {
        this.#showNotice({ kind: 'offline' });
        await new Promise((resolve) => setTimeout(resolve, LOAD_RETRY));
      }
    }
    this.#showNotice(null);
    this.#view = await ChatView.create(this.#container, this.#strings, (text, payload) =>
      this.#conversation.send(text, payload),
    );
    this.#conversation = new Conversation({
      api: new Api(root),
      store: new Store(root),
      locale: localeOf(this.lang),
      listener: {
        onOpen: (beginning) => this.#showBeginning(beginning),
        onMessages: (messages) => this.#view.add(messages),
        onTyping: (isTyping) => this.#view.setTyping(isTyping),
        onNotice: (notice) => this.#showNotice(notice),
        onRefused: (text) => this.#view.addNote(text || this.#strings.refused),
      },
    });
  }

  /** Nobody should lose a conversation by a wrong click. */
  #askToRestart() {
    if (this.#view?.hasPartnerSpoken) this.#confirm.showModal();
    else this.#view?.focus();
  }

  #restart() {
    this.#conversation?.restart();
    this.#view?.clear();
    this.#view?.focus();
  }

  /** Somebody who looks at the panel wants to see what is new; nobody else does. */
  #attend() {
    if (this.isOpen && document.visibilityState === 'visible') this.#conversation?.attend();
    else this.#conversation?.rest();
  }

  #showBeginning({ messages, unsent, hasExpired }) {
    if (hasExpired) {
      this.#view.addNote(this.#strings.expired);
      if (!unsent.length) this.#view.add(messages);
      return;
    }
    const all = [...messages, ...unsent.map((text) => ({ from: 'partner', text }))];
    this.#view.clear();
    if (all.some(({ from }) => from === 'partner')) this.#view.addHistory(all);
    else this.#view.add(all);
  }

  #showNotice(notice) {
    this.#notice.textContent = notice ? this.#noticeText(notice) : '';
  }

  #noticeText({ kind, text, isQueued }) {
    if (kind === 'throttled') return text || this.#strings.throttled;
    return isQueued ? this.#strings.offlineQueued : this.#strings.offline;
  }

  /** On phones the panel fills what the keyboard leaves of the screen, and nothing behind it can be reached. */
  #fitScreen() {
    this.#panel.ariaModal = phone.matches ? 'true' : null;
    this.#panel.style.setProperty('--screen-top', `${window.visualViewport?.offsetTop ?? 0}px`);
    this.#panel.style.setProperty('--screen-height', `${window.visualViewport?.height ?? window.innerHeight}px`);
  }
}

const iconButton = (name, label, icon) =>
  `<button type="button" class="${name}" aria-label="${label}" title="${label}">${icon}</button>`;

const template = (title, strings) => `
  <section class="corner" aria-label="${escapeHtml(title)}">
    ${iconButton('launcher', strings.open, chatIcon)}
  </section>
  <div class="panel" role="dialog" aria-labelledby="title" tabindex="-1" hidden>
    <div class="header">
      <span class="emblem">${chatIcon}</span>
      <div class="heading">
        <strong id="title">${escapeHtml(title)}</strong>
        <span>${strings.subtitle}</span>
      </div>
      ${iconButton('restart', strings.restart, restartIcon)}
      ${iconButton('close', strings.close, closeIcon)}
    </div>
    <p class="notice" role="status"></p>
    <div class="chat"><p class="loading">${strings.loading}</p></div>
    <dialog class="confirm" aria-labelledby="question">
      <p id="question">${strings.confirmRestart}</p>
      <button type="button" class="yes">${strings.restart}</button>
      <button type="button" autofocus>${strings.cancel}</button>
    </dialog>
  </div>`;
