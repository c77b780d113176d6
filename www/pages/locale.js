// The language of a page: which one, its words, and putting them on the page.
// Elements carry `data-say="key"`, so switching language re-says the page in place: nothing is rebuilt,
// and the <payment-status> elements keep their connection and only get another `locale`.

export const LOCALES = ['zh-CN', 'en'];

let current = 'en';
let words = {};

/** The stored choice, else the first of the browser's languages that we speak, else English. */
export function preferredLocale(stored, languages) {
  if (LOCALES.includes(stored)) return stored;
  for (const language of languages) {
    if (/^zh\b/i.test(language)) return 'zh-CN';
    if (/^en\b/i.test(language)) return 'en';
  }
  return 'en';
}

/** Loads the words of the preferred language; call once before anything is built. */
export async function startLocale() {
  await load(preferredLocale(readChoice(), navigator.languages));
}

/** Changes the language of the whole page and remembers it for the other pages. */
export async function switchLocale(locale) {
  await load(locale);
  storeChoice(locale);
  localize(document.documentElement);
}

export function currentLocale() {
  return current;
}

/** The word for a key with its {gaps} filled; a key without a word shows itself. */
export function say(key, vars = {}) {
  const template = words[key] ?? key;
  return template.replace(/\{(\w+)\}/g, (gap, name) => vars[name] ?? gap);
}

export function hasWord(key) {
  return key in words;
}

/** Says everything under (and on) an element in the current language. */
export function localize(root) {
  for (const element of [root, ...root.querySelectorAll(LOCALIZED)]) localizeOne(element);
}

export function formatMoney(minor, currency) {
  const format = new Intl.NumberFormat(current, { style: 'currency', currency });
  return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** A time of another day or year says so: whoever looks into a dispute reads cases of last week. */
export function formatTime(time, style) {
  // Rounded up, as the card does it: a promise must not be said earlier than it is.
  const [moment, now] = [new Date(Date.parse(time) + (style?.startsWith('deadline') ? 59_999 : 0)), new Date()];
  const options = { ...(TIME_STYLES[style] ?? TIME_STYLES.full) };
  if (style === 'second' && moment.toDateString() !== now.toDateString()) Object.assign(options, { month: 'short', day: 'numeric' });
  if (options.month && moment.getFullYear() !== now.getFullYear()) options.year = 'numeric';
  return new Intl.DateTimeFormat(current, options).format(moment);
}

function localizeOne(element) {
  const { say: text, sayLabel, sayPlaceholder, sayTitle, vars, money, time, timeStyle } = element.dataset;
  const gaps = vars ? JSON.parse(vars) : {};
  if (text) element.textContent = say(text, gaps);
  if (sayLabel) element.setAttribute('aria-label', say(sayLabel, gaps));
  if (sayPlaceholder) element.setAttribute('placeholder', say(sayPlaceholder, gaps));
  if (sayTitle) element.setAttribute('title', say(sayTitle, gaps));
  if (money) {
    const [minor, currency] = money.split(' ');
    element.textContent = formatMoney(Number(minor), currency);
  }
  if (time) element.textContent = formatTime(time, timeStyle);
  if (element.localName === 'payment-status') element.setAttribute('locale', current);
}

async function load(locale) {
  const response = await fetch(new URL(`./words/${locale}.json`, import.meta.url));
  if (!response.ok) throw new Error(`words/${locale}.json: expected 200, got ${response.status}`);
  words = await response.json();
  current = locale;
  document.documentElement.lang = locale;
}

// Storage can be switched off in the browser; then the choice lasts as long as the page.
function readChoice() {
  try {
    return localStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}

function storeChoice(locale) {
  try {
    localStorage.setItem(CHOICE, locale);
  } catch {
    // see readChoice
  }
}

const CHOICE = 'payment-status-locale';
const LOCALIZED = '[data-say],[data-say-label],[data-say-placeholder],[data-say-title],[data-money],[data-time],payment-status';
const TIME_STYLES = {
  full: { dateStyle: 'medium', timeStyle: 'medium' },
  minute: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
  deadline: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
  deadline_abroad: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
  clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};
