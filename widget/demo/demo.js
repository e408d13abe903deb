/** Shows the demo in the language that its address asks for, before the widget looks at the language of the page. */
const language = new URLSearchParams(location.search).get('lang') === 'de' ? 'de' : 'en';
document.documentElement.lang = language;
document.title = language === 'de' ? 'Partner Support Assistant – Demo' : 'Partner Support Assistant – demo';
