const STRINGS = {
  en: {
    title: 'Partner Support',
    subtitle: 'Automated assistant',
    open: 'Open support chat',
    restart: 'New conversation',
    confirmRestart: 'Begin a new conversation? This one will no longer be shown here.',
    cancel: 'Cancel',
    close: 'Close chat',
    messages: 'Conversation',
    input: 'Type your question …',
    send: 'Send message',
    partner: 'You:',
    assistant: 'Assistant:',
    typing: 'The assistant is typing',
    loading: 'Loading the chat …',
    offline: 'No connection. It will be back by itself.',
    offlineQueued: 'No connection. Your message will be sent as soon as it is back.',
    throttled: 'Too many messages at once. Your message will be sent in a moment.',
    refused: 'This message could not be sent.',
    expired: 'The earlier conversation has ended. This is a new one.',
  },
  de: {
    title: 'Partnersupport',
    subtitle: 'Digitaler Assistent',
    open: 'Supportchat öffnen',
    restart: 'Neue Unterhaltung',
    confirmRestart: 'Neue Unterhaltung beginnen? Diese wird dann hier nicht mehr angezeigt.',
    cancel: 'Abbrechen',
    close: 'Chat schließen',
    messages: 'Unterhaltung',
    input: 'Schreiben Sie Ihre Frage …',
    send: 'Nachricht senden',
    partner: 'Sie:',
    assistant: 'Assistent:',
    typing: 'Der Assistent schreibt',
    loading: 'Der Chat wird geladen …',
    offline: 'Keine Verbindung. Der Chat stellt sie automatisch wieder her.',
    offlineQueued: 'Keine Verbindung. Ihre Nachricht wird gesendet, sobald die Verbindung wieder steht.',
    throttled: 'Zu viele Nachrichten auf einmal. Ihre Nachricht wird gleich gesendet.',
    refused: 'Diese Nachricht konnte nicht gesendet werden.',
    expired: 'Die frühere Unterhaltung ist beendet. Hier beginnt eine neue.',
  },
};

const LOCALES = { en: 'en-US', de: 'de-DE' };

/** The first of the wished language tags that the widget speaks, as "en" or "de". */
export function chooseLanguage(...wishes) {
  const languages = wishes.filter(Boolean).map((tag) => tag.slice(0, 2).toLowerCase());
  return languages.find((language) => language in STRINGS) ?? 'en';
}

export const stringsOf = (language) => STRINGS[language];
export const localeOf = (language) => LOCALES[language];
