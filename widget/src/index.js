import { PartnerSupportChat } from './partner-support-chat.js';

const NAME = 'partner-support-chat';
const script = document.currentScript;

/** Pages that do not say where the element goes get it at the end of their body. */
function placeElement() {
  if (!document.querySelector(NAME)) document.body.append(document.createElement(NAME));
}

if (!customElements.get(NAME)) {
  PartnerSupportChat.source = { root: new URL('.', script.src).href, nonce: script.nonce, options: script.dataset };
  customElements.define(NAME, PartnerSupportChat);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', placeElement);
  else placeElement();
}
