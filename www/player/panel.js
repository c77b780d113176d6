// The player's panel: the case, the pace, the reports with their acknowledgements, and whether both
// screens give the same answer. Shows a Runner; decides nothing about it.

import { clear, h, icon, sayOn } from '../pages/dom.js';
import { hasWord } from '../pages/locale.js';
import { reportItem } from './report-item.js';

/**
 * Fills the panel's fixed parts of index.html. `actions`: choose(id), next(), run(pace), stop(), restart().
 * Returns what the page updates it with.
 */
export function panel({ scenarios, chosen, actions }) {
  const parts = Object.fromEntries(PARTS.map((id) => [id, document.getElementById(id)]));
  parts.scenario.append(...scenarios.map(({ id }) =>
    h('option', { value: id, selected: id === chosen, say: titleKey(id) })));
  parts.scenario.addEventListener('change', () => actions.choose(parts.scenario.value));
  parts.next.prepend(icon('next'));
  parts.run.prepend(icon('play'));
  parts.restart.prepend(icon('restart'));
  parts.sheet.append(icon('chevron'));
  parts.next.addEventListener('click', () => actions.next());
  parts.restart.addEventListener('click', () => actions.restart());
  parts.run.addEventListener('click', () => (
    parts.run.dataset.running ? actions.stop() : actions.run(chosenPace())));
  parts.sheet.addEventListener('click', () => {
    const open = parts.sheet.getAttribute('aria-expanded') !== 'true';
    parts.sheet.setAttribute('aria-expanded', String(open));
    document.getElementById('player').toggleAttribute('data-open', open);
  });

  return {
    showScenario(scenario) {
      if (hasWord(storyKey(scenario.id))) {
        sayOn(parts.story, storyKey(scenario.id));
      } else {
        // A case that was added to the file and not yet to the words is told as the file tells it.
        delete parts.story.dataset.say;
        parts.story.textContent = scenario.story;
      }
    },
    showRun(runner) {
      parts.reports.replaceChildren(...runner.steps.map((step, index) => (
        reportItem(step, { index, first: runner.steps[0], isNext: index === runner.nextIndex }))));
      const sent = runner.steps.filter(({ status }) => status === 'accepted' || status === 'refused').length;
      const current = parts.reports.querySelector('[aria-current]') ?? parts.reports.lastElementChild;
      parts.reports.scrollTop = current.offsetTop + current.offsetHeight - parts.reports.clientHeight;
      sayOn(parts.progress, 'player.progress', { sent, all: runner.steps.length });
      const busy = runner.running || runner.steps.some(({ status }) => status === 'sending');
      parts.next.disabled = busy || runner.done;
      parts.run.disabled = runner.done && !runner.running;
      parts.run.dataset.running = runner.running ? 'true' : '';
      sayOn(parts.run.querySelector('[data-say]'), runner.running ? 'player.stop' : 'player.run');
    },
    showNoRun() {
      parts.reports.replaceChildren();
      clear(parts.progress);
      parts.run.dataset.running = '';
      sayOn(parts.run.querySelector('[data-say]'), 'player.run');
    },
    showAnswer(party, { version, matchCode }) {
      const place = parts[`answer-${party}`];
      place.dataset.version = version;
      place.dataset.matchCode = matchCode;
      place.textContent = `v${version} · ${matchCode}`;
      this.compareAnswers();
    },
    clearAnswers() {
      for (const place of [parts['answer-payer'], parts['answer-merchant']]) {
        place.textContent = '–';
        delete place.dataset.version;
        delete place.dataset.matchCode;
      }
      this.compareAnswers();
    },
    compareAnswers() {
      const codes = [parts['answer-payer'], parts['answer-merchant']].map(({ dataset }) => dataset.matchCode);
      const verdict = codes.includes(undefined) ? 'none' : codes[0] === codes[1] ? 'same' : 'catching_up';
      parts.agreement.dataset.verdict = verdict;
      sayOn(parts.agreement, `player.answer.${verdict}`);
    },
    disable() {
      for (const part of [parts.scenario, parts.next, parts.run, parts.restart]) part.disabled = true;
    },
    enable() {
      for (const part of [parts.scenario, parts.next, parts.run, parts.restart]) part.disabled = false;
    },
    notice: parts['player-notice'],
  };
}

function chosenPace() {
  return document.querySelector('input[name="pace"]:checked').value;
}

const titleKey = (id) => (hasWord(`scenario.${id}.title`) ? `scenario.${id}.title` : id);
const storyKey = (id) => `scenario.${id}.story`;

const PARTS = ['scenario', 'story', 'next', 'run', 'restart', 'progress', 'reports', 'player-notice', 'sheet',
  'answer-payer', 'answer-merchant', 'agreement'];
