// What the agent looks for: words and a state. Both are in the address, so that a reload and a bookmark keep them.

import { h } from '../pages/dom.js';
import { STATES } from './states.js';

/** How long a pause in typing is taken for the end of a word. */
const TYPING_PAUSE_MS = 250;
/** Filters that are no states: what is not final, and what waits for a person. */
const KINDS = ['open', 'act'];

/** Fills `select`, puts what the address says into `search` and `select`, and calls `onChange` after each change. */
export function filters({ search, select, onChange }) {
  select.append(
    h('option', { value: '', say: 'support.state.all' }),
    ...KINDS.map((kind) => h('option', { value: kind, say: `support.state.${kind}` })),
    ...STATES.map((name) => h('option', { value: name, say: `state.${name}` })));
  const address = new URLSearchParams(location.search);
  search.value = (address.get('q') ?? '').slice(0, search.maxLength);
  select.value = [...KINDS, ...STATES].find((value) => value === address.get('state')) ?? '';

  const sought = () => search.value.trim();
  const changed = () => {
    keepInAddress({ q: sought(), state: select.value });
    onChange();
  };
  let typing = null;
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(changed, TYPING_PAUSE_MS);
  });
  select.addEventListener('change', changed);

  return {
    sought,
    /** What the server is asked for; whether somebody must act it does not know. */
    query: () => ({
      q: sought(),
      open: select.value === 'open',
      state: KINDS.includes(select.value) ? '' : select.value,
    }),
    get mustAct() { return select.value === 'act'; },
  };
}

function keepInAddress(values) {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();
  // In place of the entry, not after it: "back" leads to the payment before, not to half a word.
  history.replaceState(history.state, '', `${location.pathname}${query && `?${query}`}${location.hash}`);
}
