// The page that a shop would write by hand: asks once, trusts the answer, prints it. No signature, no words, no
// live updates; the least that puts the same state on a screen.

const answer = await fetch(bench.src, {
  headers: { authorization: `Bearer ${bench.token}` }, cache: 'no-store', credentials: 'omit',
});
const { state, version, amount, updated_at } = await answer.json();

const place = document.getElementById('state');
place.textContent = state.replaceAll('_', ' ');
place.dataset.version = version;
place.dataset.state = state;
document.getElementById('amount').textContent = new Intl.NumberFormat('en-GB', {
  style: 'currency', currency: amount.currency,
}).format(amount.minor / 10 ** amount.exponent);
document.getElementById('changed').textContent = new Date(updated_at).toLocaleTimeString('en-GB');
