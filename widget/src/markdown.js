const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const LINK_PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);

const LIST_ITEM = /^ {0,3}(?:[-*+•]|(\d{1,9})[.)])\s+(.*)$/;
const INLINE = new RegExp(
  [
    /\\(?<escaped>[\\`*_{}[\]()#+\-.!<>|~])/,
    /`(?<code>[^`\n]+)`/,
    /\*\*(?<bold>[^\s*](?:[^*]|\*(?!\*))*)\*\*/,
    /\[(?<label>(?:\\.|[^[\]\\])+)\]\((?<target>(?:[^\s()]|\([^\s()]*\))+)\)/,
    /(?<bare>https?:\/\/[^\s<>()*`"]*[^\s<>()*`".,;:!?'“”„‘’])/,
  ].map((pattern) => pattern.source).join('|'),
  'g',
);

export const escapeHtml = (text) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]);

/** The address if it is one that a chat may link to, else null. */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return LINK_PROTOCOLS.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function link(address, labelHtml, className) {
  const url = safeUrl(address);
  if (!url) return null;
  const style = className ? ` class="${className}"` : '';
  return `<a${style} href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer">${labelHtml}</a>`;
}

/**
 * HTML of what the assistant writes: paragraphs, flat lists, bold, code and links. Everything else stays the text it
 * is, so nothing in it can become markup.
 */
export function renderMarkdown(source) {
  return source
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .flatMap(splitLists)
    .map(renderBlock)
    .join('');
}

/** A list may follow its introduction without a blank line, and text may follow a list. */
function splitLists(block) {
  const parts = [];
  for (const line of block.split('\n').filter((line) => line.trim())) {
    const item = LIST_ITEM.exec(line);
    const last = parts.at(-1);
    if (item) {
      const kind = item[1] ? 'ol' : 'ul';
      if (last?.kind === kind) last.lines.push(item[2]);
      else parts.push({ kind, start: item[1], lines: [item[2]] });
    } else if (last && (last.kind === 'p' || /^\s/.test(line))) {
      last.lines[last.lines.length - 1] += `\n${line.trim()}`;
    } else {
      parts.push({ kind: 'p', lines: [line.trim()] });
    }
  }
  return parts;
}

function renderBlock({ kind, start, lines }) {
  const contents = lines.map((line) => renderInline(line).replaceAll('\n', '<br>'));
  if (kind === 'p') return `<p>${contents[0]}</p>`;
  const attribute = start && start !== '1' ? ` start="${Number(start)}"` : '';
  return `<${kind}${attribute}>${contents.map((content) => `<li>${content}</li>`).join('')}</${kind}>`;
}

function renderInline(text, insideLink = false) {
  let html = '';
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    html += escapeHtml(text.slice(end, match.index)) + renderSpan(match, insideLink);
    end = match.index + match[0].length;
  }
  return html + escapeHtml(text.slice(end));
}

function renderSpan({ 0: source, groups: { escaped, code, bold, label, target, bare } }, insideLink) {
  if (escaped) return escapeHtml(escaped);
  if (code) return `<code>${escapeHtml(code)}</code>`;
  if (bold) return `<strong>${renderInline(bold, insideLink)}</strong>`;
  const labelHtml = bare ? escapeHtml(bare) : renderInline(label, true);
  if (insideLink) return bare ? labelHtml : escapeHtml(source);
  return link(bare ?? target, labelHtml) ?? labelHtml;
}
