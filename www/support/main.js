// support.html: signing in with the support key, then the list beside one transaction.
// The key lives in this tab's memory and session storage only; it never enters an address.

import { loadDemo } from '../pages/demo.js';
import { clear, sayOn } from '../pages/dom.js';
import { startPage } from '../pages/start.js';
import { getJson } from '../player/api.js';
import { sayProblem } from '../player/problem.js';
import { DetailView } from './detail.js';
import { Feed } from './feed.js';
import { filters } from './filters.js';
import { PlaceInList } from './place.js';
import { markChosen, mustAct, showRows } from './rows.js';

const byId = (id) => document.getElementById(id);

startPage(['pages/base.css', 'support/support.css', 'support/case.css'], async () => {
  byId('leave').addEventListener('click', () => {
    sessionStorage.removeItem(KEY);
    location.reload();
  });
  byId('key-form').addEventListener('submit', (event) => {
    event.preventDefault();
    signIn(byId('key').value.trim());
  });
  const stored = sessionStorage.getItem(KEY);
  if (!stored || !(await signIn(stored))) await askForKey();
});

async function askForKey() {
  byId('sign-in').hidden = false;
  // Outside a demo there is no such file: the agent types the key.
  const demo = await loadDemo().catch(() => null);
  if (demo) byId('key').value = demo.support_key;
}

/** Opens the desk if the server takes the key; else says why not and forgets it. */
async function signIn(key) {
  // Anything else cannot even be sent.
  if (!/^[!-~]+$/.test(key)) {
    sayOn(byId('notice'), 'support.key.refused');
    return false;
  }
  try {
    await getJson('/v1/transactions?limit=1', { token: key });
  } catch (error) {
    if (REFUSALS.includes(error.code)) sayOn(byId('notice'), 'support.key.refused');
    else sayProblem(byId('notice'), error);
    if (!error.retriable) sessionStorage.removeItem(KEY);
    return false;
  }
  sessionStorage.setItem(KEY, key);
  openDesk(key);
  return true;
}

function openDesk(key) {
  byId('sign-in').hidden = true;
  clear(byId('notice'));
  for (const id of ['desk', 'leave']) byId(id).hidden = false;
  const get = (path, options = {}) => getJson(path, { token: key, ...options });
  const detail = new DetailView({ place: byId('detail'), get, key });
  const filter = filters({ search: byId('search'), select: byId('state'), onChange: () => watchFiltered() });
  const feed = new Feed({
    get,
    onRows({ rows, isCut, serverTime }) {
      // The server has no such filter: it is applied to what was loaded, and the count says so.
      const shown = filter.mustAct ? rows.filter((row) => mustAct(row, serverTime)) : rows;
      showRows(byId('rows'), { rows: shown, serverTime, chosen: detail.transaction });
      showCount({ shown: shown.length, loaded: rows.length, isCut, isPart: filter.mustAct });
      const open = rows.find(({ transaction }) => transaction === detail.transaction);
      if (open) detail.refresh(open.version);
    },
    onLink: showLink,
  });
  followAddress(detail);
  keepWatching(feed, filter);

  function watchFiltered() {
    // Whoever types a whole transaction wants to see it, not to choose it from a list of one.
    if (TRANSACTION.test(filter.sought())) location.hash = filter.sought();
    feed.watch(filter.query());
  }
}

function showCount({ shown, loaded, isCut, isPart }) {
  byId('empty').hidden = shown > 0;
  const count = byId('count');
  count.hidden = loaded === 0;
  const key = isPart ? 'support.count.part' : 'support.count';
  sayAnew(count, isCut ? `${key}.cut` : key, { shown, loaded });
}

/** A live region that is written the same once more would be read aloud once more. */
function sayAnew(element, key, vars) {
  if (element.dataset.say !== key || element.dataset.vars !== JSON.stringify(vars)) sayOn(element, key, vars);
}

function showLink(error) {
  const link = byId('link');
  link.dataset.live = String(error === null);
  if (error === null) {
    sayOn(link, 'support.live');
    clear(byId('notice'));
  } else if (error.retriable) {
    sayOn(link, 'support.reconnecting');
  } else {
    sayOn(link, 'support.offline');
    sayProblem(byId('notice'), error);
  }
}

// The address names the transaction, so that a case can be bookmarked and passed on; its id opens nothing
// without a key.
function followAddress(detail) {
  const place = new PlaceInList({ list: byId('filters').parentElement, rows: byId('rows') });
  const follow = () => {
    const transaction = location.hash.slice(1);
    const chosen = TRANSACTION.test(transaction) ? transaction : null;
    const show = () => byId('desk').toggleAttribute('data-case', chosen !== null);
    if (chosen === null) place.comeBack(show);
    else if (detail.transaction === null) place.leave(chosen, show);
    markChosen(byId('rows'), chosen);
    detail.open(chosen);
  };
  addEventListener('hashchange', follow);
  follow();
}

function keepWatching(feed, filter) {
  const watch = () => feed.watch(filter.query());
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  // Nobody looks at a hidden page: it asks for nothing and catches up when it is shown.
  document.addEventListener('visibilitychange', () => (document.hidden ? feed.stop() : watch()));
  // A parked request hears nothing of it: without this the list would go on saying that it is live.
  addEventListener('offline', () => {
    feed.stop();
    showLink({ retriable: true });
  });
  addEventListener('online', watch);
  watch();
}

// The server answers a wrong key as if there were nothing to see.
const REFUSALS = ['not-found', 'credentials-missing', 'wrong-party'];
const TRANSACTION = /^tx_[0-9a-z]{26}$/;
const KEY = 'payment-status-support-key';
