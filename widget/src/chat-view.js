import styles from './chat-view.css';
import { sendIcon } from './icons.js';
import { escapeHtml, link, renderMarkdown } from './markdown.js';

const NEAR_END = 48;
const GAP_ABOVE = 8;

/** On a busy page, deep-chat renders once more right after it has said that it is rendered: all within 20 ms of work. */
const SECOND_RENDER = 20;

/** The messages and the input: deep-chat, made safe and accessible, in our looks. */
export class ChatView {
  #chat;
  #log;
  #input;
  #typing;
  #isTyping = false;
  #onSend;

  /**
   * @param {HTMLElement} container a connected element
   * @param {(text: string, payload?: string) => void} onSend called with what the partner writes or chooses
   */
  static async create(container, strings, onSend) {
    const view = new ChatView();
    const chat = await renderDeepChat(container, strings, (text) => {
      view.#retireChoices();
      onSend(text);
      // Has deep-chat notice that its input is empty again and its button has nothing to send.
      view.#input.dispatchEvent(new Event('input'));
    });
    view.#chat = chat;
    view.#onSend = onSend;
    view.#log = prepareLog(chat, strings);
    view.#input = prepareInput(chat, strings);
    view.#typing = {
      role: 'typing',
      style: { html: `<span class="speaker">${strings.typing}</span><span class="dots"><i></i><i></i><i></i></span>` },
    };
    view.#log.addEventListener('click', (event) => view.#choose(event));
    view.#keepEndInView();
    return view;
  }

  focus() {
    this.#input.focus();
  }

  get hasPartnerSpoken() {
    return this.#log.querySelector('.user-message-text') !== null;
  }

  clear() {
    this.setTyping(false);
    this.#chat.clearMessages();
  }

  /** Shows what belongs together, scrolled to its beginning unless the partner reads further up. */
  add(messages) {
    const isFollowing = this.#isAtEnd();
    const count = this.#messageElements().length;
    messages.forEach((message) => this.#addOne(message));
    if (isFollowing) afterDeepChat(() => this.#scrollTo(this.#messageElements()[count]));
  }

  /** Shows a conversation to go on with, scrolled to its end. */
  addHistory(messages) {
    // Nobody wants to hear all of it read out.
    this.#log.ariaLive = 'off';
    messages.forEach((message) => this.#addOne(message));
    afterDeepChat(() => {
      this.#log.scrollTop = this.#log.scrollHeight;
      this.#log.ariaLive = 'polite';
    });
  }

  addNote(text) {
    this.#chat.addMessage({ role: 'note', html: `<p>${escapeHtml(text)}</p>` });
  }

  setTyping(isTyping) {
    if (isTyping === this.#isTyping) return;
    this.#isTyping = isTyping;
    this.#chat.displayLoadingBubble.toggle(isTyping ? this.#typing : undefined);
  }

  #addOne(message) {
    if (message.from === 'partner') {
      this.#retireChoices();
      if (message.text) this.#chat.addMessage({ role: 'user', text: message.text });
      return;
    }
    const html = renderReply(message);
    if (html) this.#chat.addMessage({ role: 'ai', html });
  }

  #choose({ target, detail }) {
    const button = target.closest('button.choice');
    if (!button) return;
    const text = button.textContent;
    this.#addOne({ from: 'partner', text });
    const isByKeyboard = detail === 0;
    if (isByKeyboard) this.focus();
    this.#onSend(text, button.dataset.payload);
  }

  /** Once the partner has answered, older buttons answer nothing any more. */
  #retireChoices() {
    for (const button of this.#log.querySelectorAll('button.choice:enabled')) button.disabled = true;
  }

  /** A notice or the keyboard of a phone may take space away at any time. */
  #keepEndInView() {
    let height = this.#log.clientHeight;
    new ResizeObserver(() => {
      if (this.#isAtEnd(height)) this.#log.scrollTop = this.#log.scrollHeight;
      // It has none while the panel is closed.
      height = this.#log.clientHeight || height;
    }).observe(this.#log);
  }

  #isAtEnd(height = this.#log.clientHeight) {
    return this.#log.scrollHeight - this.#log.scrollTop - height < NEAR_END;
  }

  #messageElements() {
    return this.#log.querySelectorAll('.outer-message-container:not(:has(> * > .typing-message))');
  }

  #scrollTo(element) {
    if (!element) return;
    const distance = element.getBoundingClientRect().top - this.#log.getBoundingClientRect().top;
    this.#log.scrollTop += distance - GAP_ABOVE;
  }
}

function renderReply({ lead, progress, text, source, links, buttons }) {
  const choices = [...links, ...buttons].map(renderChoice).join('');
  return [
    renderMarkdown(lead),
    progress && renderProgress(progress),
    renderMarkdown(text),
    source && `<div class="source">${renderMarkdown(source)}</div>`,
    choices && `<div class="choices">${choices}</div>`,
  ]
    .filter(Boolean)
    .join('');
}

function renderProgress({ label, step, total }) {
  const bar = `<progress value="${Number(step)}" max="${Number(total)}" aria-hidden="true"></progress>`;
  return `<p class="progress"><strong>${escapeHtml(label)}</strong>${bar}</p>`;
}

function renderChoice({ title, payload, url }) {
  if (url !== undefined) return link(url, escapeHtml(title), 'choice') ?? '';
  const data = payload === undefined ? '' : ` data-payload="${escapeHtml(String(payload))}"`;
  return `<button type="button" class="choice"${data}>${escapeHtml(title)}</button>`;
}

/** Resolves to a deep-chat element that tells what is typed; everything else is added by us. */
async function renderDeepChat(container, strings, onTyped) {
  const restorePlugins = replaceMarkdown();
  const chat = document.createElement('deep-chat');
  const speaker = (name) => `<span class="speaker">${name} </span><div class="html-wrapper"></div>`;
  // Without a font named here, deep-chat loads one from Google.
  chat.style.fontFamily = 'inherit';
  const rendered = new Promise((resolve) => {
    chat.onComponentRender = resolve;
  });
  Object.assign(chat, {
    // In this mode the partner can write on while an answer is under way.
    connect: { websocket: true, handler: (_, { onOpen }) => onOpen() },
    onMessage: ({ message }) => onTyped(message.text),
    displayLoadingBubble: { toggle: () => {} },
    htmlWrappers: { user: speaker(strings.partner), ai: speaker(strings.assistant) },
    textInput: { placeholder: { text: strings.input } },
    submitButtonStyles: { position: 'inside-end', submit: { svg: { content: sendIcon } } },
    chatStyle: {
      display: 'block',
      width: '100%',
      height: '100%',
      border: '0 solid',
      backgroundColor: 'transparent',
      color: 'inherit',
      colorScheme: 'inherit',
      fontSize: 'inherit',
    },
    auxiliaryStyle: styles,
  });
  container.append(chat);
  await rendered;
  await new Promise((resolve) => setTimeout(resolve, SECOND_RENDER));
  restorePlugins();
  return chat;
}

/**
 * deep-chat renders text as Markdown with images and any kind of link, "javascript:" included. As a plugin of its
 * Markdown renderer we make it leave text as it is; Markdown of the assistant is rendered by us.
 */
function replaceMarkdown() {
  const plugins = window.remarkable_plugins;
  const leaveAsItIs = (remarkable) => {
    remarkable.render = escapeHtml;
  };
  window.remarkable_plugins = [{ plugin: leaveAsItIs }];
  return () => {
    window.remarkable_plugins = plugins;
  };
}

function prepareLog({ shadowRoot }, strings) {
  const log = shadowRoot.getElementById('messages');
  Object.assign(log, { role: 'log', ariaLive: 'polite', ariaLabel: strings.messages, tabIndex: 0 });
  return log;
}

function prepareInput({ shadowRoot }, strings) {
  const input = shadowRoot.getElementById('text-input');
  Object.assign(input, { role: 'textbox', ariaMultiLine: 'true' });

  const button = shadowRoot.querySelector('#input .input-button');
  button.ariaLabel = strings.send;
  button.title = strings.send;
  button.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return;
    event.preventDefault();
    button.click();
  });
  return input;
}

/** deep-chat scrolls a moment after it has added a message. */
const afterDeepChat = setTimeout;
