const icon = (paths) =>
  // With its namespace, because deep-chat parses it as XML.
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" fill="none" ' +
  'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">' +
  `${paths}</svg>`;

export const chatIcon = icon(
  '<path d="M12 3.5c5 0 8.75 3.4 8.75 7.75S17 19 12 19c-1 0-2-.15-2.9-.4L4.5 20.5l1-3.9a7.2 7.2 0 0 1-2.25-5.35' +
    'C3.25 6.9 7 3.5 12 3.5Z"/><path d="M8.5 10h7M8.5 13h4.5"/>',
);

export const restartIcon = icon(
  '<path d="M12 4.5H7A2.5 2.5 0 0 0 4.5 7v10A2.5 2.5 0 0 0 7 19.5h10a2.5 2.5 0 0 0 2.5-2.5v-5"/>' +
    '<path d="m18.4 3.9 1.7 1.7-7.6 7.6-2.3.6.6-2.3 7.6-7.6Z"/>',
);

export const closeIcon = icon('<path d="m6 6 12 12M18 6 6 18"/>');

export const sendIcon = icon('<path d="M12 19V5.5M6 11l6-6 6 6"/>');
