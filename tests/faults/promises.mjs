// What must hold on every screen, at every moment, whatever the fault. Each function names what broke.

/** Requests of one watch in any second: the retries of the first second after a failure, and as many again, because a
 * browser repeats by itself what was reset on a connection that it used before. */
const A_SECOND = 10;

/** A cancelled request may still look open at the proxy for so long (ms). */
const CLOSING_MS = 250;

/** Freshness that promises a current answer. */
const CURRENT = 'live';

export function violations(trial, { samples, errors, events, violations: policy }) {
  return [
    ...samples.flatMap((sample) => falseState(trial, sample)),
    ...wentBack(samples),
    ...trial.silences.flatMap((silence) => newsInSilence(silence, samples)),
    ...samples.flatMap(blank),
    ...samples.flatMap(bold),
    ...unexpected(trial, [...errors, ...policy.map((text) => `policy: ${text}`)]),
    ...finals(trial, events),
    ...crowds(trial),
  ];
}

const at = ({ id }, what) => `${id}: ${what}`;

/** A verdict on the screen is one that the server gave, whole, about the transaction that the element names. */
function falseState({ truth }, sample) {
  if (!sample.card) return [];
  const fields = { state: 'state', charged: 'charged', payAgain: 'pay_again', release: 'release', moneyAt: 'money_at' };
  if (sample.version === '') {
    const there = Object.keys({ ...fields, matchCode: '' }).filter((name) => sample[name] !== '');
    const claims = sample.freshness === CURRENT || ['done', 'failed'].includes(sample.tone);
    return there.length || claims ? [at(sample, `a verdict without a version: ${there} ${sample.freshness} ${sample.tone}`)] : [];
  }
  const document = truth.get(sample.matchCode);
  if (!document) return [at(sample, `code ${sample.matchCode} (version ${sample.version}) is no answer of the server`)];
  const wrong = Object.entries(fields).filter(([shown, said]) => sample[shown] !== document[said]).map(([shown]) => shown);
  if (sample.version !== String(document.version)) wrong.push('version');
  if (!sample.src.includes(document.transaction)) wrong.push('transaction');
  return wrong.map((name) => at(sample, `${name} is not what the server said in version ${sample.version}`));
}

/** The version of one element on one transaction never goes back. */
function wentBack(samples) {
  const highest = new Map();
  return samples.flatMap((sample) => {
    const key = `${sample.id} ${sample.src}`;
    const before = highest.get(key) ?? -1;
    const version = sample.version ? Number(sample.version) : -1;
    highest.set(key, Math.max(before, version));
    return version >= 0 && version < before ? [at(sample, `version ${version} after ${before}`)] : [];
  });
}

/** While the server cannot be heard nothing new is shown, and what was found to be old is not called current again. */
function newsInSilence({ from, to, version }, samples) {
  const aged = new Set();
  return samples.filter((sample) => sample.at >= from && sample.at <= to).flatMap((sample) => {
    if (sample.version && sample.version !== version) return [at(sample, `version ${sample.version} came out of nothing`)];
    if (sample.card && sample.freshness !== CURRENT) aged.add(sample.id);
    return sample.freshness === CURRENT && aged.has(sample.id) ? [at(sample, 'called current again, and nothing was heard')] : [];
  });
}

/** Words are on the screen at all times. */
function blank(sample) {
  return sample.words.length > 3 ? [] : [at(sample, `blank (card: ${sample.card})`)];
}

/** A permission that is not current says how old it is. */
function bold(sample) {
  if (!sample.card || !sample.version || sample.freshness === CURRENT) return [];
  const permits = [['release', sample.release === 'release'], ['pay-again', sample.payAgain === 'safe']];
  return permits.filter(([question, granted]) => granted && sample.answers[question] && !sample.answers[question].startsWith('As of '))
    .map(([question]) => at(sample, `${question} without its age: ${sample.answers[question]}`));
}

function unexpected({ expected }, errors) {
  return errors.filter((text) => !expected.some((pattern) => pattern.test(text))).map((text) => `not caught: ${text}`);
}

/** `payment-status-final` is told once for a version, and only of one that is final. */
function finals({ truth }, events) {
  const told = new Set();
  return events.filter(({ name }) => name === 'payment-status-final').flatMap(({ id, detail }) => {
    const key = `${id} ${detail.transaction} ${detail.version}`;
    const again = told.has(key);
    told.add(key);
    if (again) return [`final was told again: ${key}`];
    return truth.get(detail.matchCode)?.final ? [] : [`final was told of no final answer: ${key}`];
  });
}

/** One request in flight for a watch, and never many in a second. */
function crowds(trial) {
  return [...grouped(trial.asks()).values()].flatMap((asks) => {
    const steps = asks.flatMap(({ at: began, endedAt = Infinity }) => [[began, 1], [Math.max(began, endedAt - CLOSING_MS), -1]]);
    steps.sort(([a, up], [b, down]) => a - b || up - down);
    let [open, most, busiest] = [0, 0, 0];
    for (const [, step] of steps) most = Math.max(most, open += step);
    for (const { at: began } of asks) busiest = Math.max(busiest, asks.filter((ask) => ask.at >= began && ask.at < began + 1000).length);
    return [...(most > trial.inFlight ? [`${most} requests in flight at once`] : []),
      ...(busiest > A_SECOND * trial.inFlight ? [`${busiest} requests in one second`] : [])];
  });
}

/** By watch: one address with one token. */
function grouped(asks) {
  const groups = new Map();
  for (const ask of asks) {
    const watch = `${ask.token} ${ask.url}`;
    groups.set(watch, [...(groups.get(watch) ?? []), ask]);
  }
  return groups;
}
