// How live pages are written by hand: asks every two seconds, from a moment of its own for each payment.

const POLL_INTERVAL_MS = 2000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function follow({ src, token, transaction }) {
  const line = document.createElement('li');
  document.getElementById('payments').append(line);
  await pause(Math.random() * POLL_INTERVAL_MS);
  for (;;) {
    const began = performance.now();
    const answer = await fetch(src, { headers: { authorization: `Bearer ${token}` }, cache: 'no-store', credentials: 'omit' });
    const { state, version } = await answer.json();
    if (line.dataset.version !== String(version)) {
      line.textContent = state.replaceAll('_', ' ');
      line.dataset.transaction = transaction;
      line.dataset.version = version;
      line.dataset.state = state;
    }
    await pause(POLL_INTERVAL_MS - (performance.now() - began));
  }
}

for (const payment of bench) follow(payment);
