// The page that a shop would write by hand: asks once, trusts the answer, prints it. No signature, no words, no
// live updates; the least that puts the same document on a screen.

const answer = await fetch(bench.src, {
  headers: { authorization: `Bearer ${bench.token}` }, cache: 'no-store', credentials: 'omit',
});
const status = await answer.json();

const money = new Intl.NumberFormat('en-GB', { style: 'currency', currency: status.amount.currency });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const words = (code) => code.replaceAll('_', ' ');

const line = (name, text, place = document.createElement(name)) => {
  place.textContent = text;
  return place;
};
const state = line('h1', words(status.state));
document.getElementById('payment').replaceChildren(
  state,
  line('p', `${status.merchant_name}, ${status.order_reference}`),
  line('p', money.format(status.amount.minor / 10 ** status.amount.exponent)),
  ...['charged', 'pay_again', 'release', 'money_at', 'reason', 'next_actor'].map(
    (name) => line('p', `${words(name)}: ${words(status[name] ?? '')}`)),
  ...status.timeline.map(({ at, source, leg, outcome }) => line('li',
    `${clock.format(new Date(at))} ${words(source)}: ${words(leg)} ${words(outcome)}`)),
);
state.dataset.version = status.version;
state.dataset.state = status.state;
