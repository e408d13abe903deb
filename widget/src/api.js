const TURN_TIMEOUT = 60_000;
const TIMEOUT = 15_000;

/** An answer of the server other than success. `text` is for the user, where the server gave one. */
export class ServerError extends Error {
  constructor(status, { error, retry_after: retryAfter } = {}) {
    super(`The server answered ${status}`);
    this.status = status;
    this.text = typeof error === 'string' ? error : '';
    this.retryAfter = Number(retryAfter) || 0;
  }
}

/** The HTTP API of the assistant. Whatever is not an answer in its format counts as no connection. */
export class Api {
  #root;

  /** @param {string} root address of the server's folder "chat", with a slash at its end */
  constructor(root) {
    this.#root = root;
  }

  async openSession(token, locale, signal) {
    const answer = await this.#request('session', { token, body: { locale }, signal });
    if (typeof answer.token !== 'string') throw new TypeError('A session without a token');
    return { token: answer.token, ...conversationOf(answer) };
  }

  /** Safe to repeat with the same id: the server answers again without taking the message twice. */
  async send(token, { id, text, payload }, signal) {
    return conversationOf(
      await this.#request('messages', { token, body: { id, text, payload }, signal, timeout: TURN_TIMEOUT }),
    );
  }

  async messagesAfter(token, cursor, signal) {
    return conversationOf(await this.#request(`messages?after=${encodeURIComponent(cursor)}`, { token, signal }));
  }

  async #request(path, { token, body, signal, timeout = TIMEOUT }) {
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers['Content-Type'] = 'application/json';
    const response = await fetch(this.#root + path, {
      method: body ? 'POST' : 'GET',
      headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      credentials: 'omit',
      cache: 'no-store',
    });
    if (!response.ok) throw new ServerError(response.status, await response.json().catch(() => undefined));
    return response.json();
  }
}

/** Brings what the server sent into the expected shape, so that nothing later has to doubt it. */
function conversationOf({ messages, cursor, begins_anew: beginsAnew }) {
  if (!Array.isArray(messages) || cursor === undefined) throw new TypeError('Not an answer of the assistant');
  return { cursor, beginsAnew: beginsAnew === true, messages: messages.map(messageOf) };
}

function messageOf({ from, text, lead, progress, links, buttons, source }) {
  return {
    from: from === 'partner' ? 'partner' : 'assistant',
    text: textOf(text),
    lead: textOf(lead),
    progress: progressOf(progress),
    links: pressables(links).filter(({ url }) => typeof url === 'string'),
    buttons: pressables(buttons),
    source: textOf(source),
  };
}

const textOf = (text) => String(text ?? '');

const pressables = (list) => (Array.isArray(list) ? list.filter((item) => typeof item?.title === 'string') : []);

function progressOf(progress) {
  const { label, step, total } = progress ?? {};
  return typeof label === 'string' && step > 0 && total >= step ? { label, step, total } : undefined;
}
