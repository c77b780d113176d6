// What stands between a page and the server: lets status requests through, or answers them instead.

/** For one page: `between.answer = …` replaces every answer to a status request from then on, `null` lets all through. */
export class Between {
  /** `null`, or a function of Playwright's route that answers it (or `{body, headers, status}` for a fixed answer). */
  answer = null;
  /** How many requests were answered here. */
  answered = 0;

  /** For `routes` of `openHost`. */
  install = (page) => page.route('**/v1/transactions/*/status', async (route) => {
    const { answer } = this;
    if (answer === null) return route.continue();
    this.answered += 1;
    // A page that went away meanwhile needs no answer.
    if (typeof answer === 'function') return Promise.resolve(answer(route)).catch(() => {});
    return route.fulfill({ status: 200, ...answer }).catch(() => {});
  });
}
