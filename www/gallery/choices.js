// A group of buttons of which one is pressed.

import { h } from '../pages/dom.js';

/** `options` are values; the words are `gallery.<name>` and `gallery.<name>.<value>`. */
export function choice({ name, options, value, onChoose }) {
  const buttons = options.map((option) => h('button', {
    type: 'button', class: 'segment', value: option, say: `gallery.${name}.${option}`,
    'aria-pressed': String(option === value),
    on: {
      click: () => {
        for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === option));
        onChoose(option);
      },
    },
  }));
  return h('div', { class: 'choice', id: `choice-${name}` },
    h('span', { class: 'controls__caption', id: `caption-${name}`, say: `gallery.${name}` }),
    h('div', { class: 'segments', role: 'group', 'aria-labelledby': `caption-${name}` }, ...buttons));
}
