// The page: takes two files, says what they prove. Every text goes in as text.
'use strict';

(function () {
  var chosen = { pack: null, keys: null };
  /** Sentences about files that were dropped and not taken: `{key, file}`. */
  var notTaken = [];
  var language = chosenLanguage() || ((navigator.language || '').toLowerCase().indexOf('zh') === 0 ? 'zh-CN' : 'en');
  var round = 0;

  function $(id) { return document.getElementById(id); }
  function say(key) { return EVIDENCE_WORDS[language][key]; }

  /** What was chosen on the pages beside this one. From a file there are none, and storage can be switched off. */
  function chosenLanguage() {
    try {
      var stored = location.protocol === 'file:' ? null : localStorage.getItem('payment-status-locale');
      return Object.prototype.hasOwnProperty.call(EVIDENCE_WORDS, stored) ? stored : null;
    } catch (error) {
      return null;
    }
  }

  function chooseLanguage(tag) {
    language = tag;
    try {
      if (location.protocol !== 'file:') localStorage.setItem('payment-status-locale', tag);
    } catch (error) {
      // Then the choice lasts as long as the page.
    }
  }

  /** A value that this page has no word for stays as the server wrote it: no guess. */
  function named(group, value) { return say(group + '.' + value) || String(value); }

  /** `2026-11-20 12:02:41 UTC`: the same wherever it is read. */
  function moment(time) { return new Date(time).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC'); }

  /** `CNY 128.00`; what is no amount is shown as it came. */
  function money(amount) {
    try {
      var digits = { minimumFractionDigits: amount.exponent, maximumFractionDigits: amount.exponent };
      var style = { style: 'currency', currency: amount.currency, currencyDisplay: 'code' };
      // As text with an exponent: a number would round large amounts.
      return new Intl.NumberFormat(language, Object.assign(style, digits)).format(amount.minor + 'E-' + amount.exponent);
    } catch (error) {
      return JSON.stringify(amount) || '?';
    }
  }

  function element(tag, text, parent) {
    var made = document.createElement(tag);
    made.textContent = text;
    parent.append(made);
    return made;
  }

  function words() {
    document.documentElement.lang = language;
    document.title = say('title');
    document.querySelectorAll('[data-say]').forEach(function (place) { place.textContent = say(place.dataset.say); });
    $('languages').replaceChildren();
    Object.keys(EVIDENCE_WORDS).forEach(function (tag) {
      var button = element('button', EVIDENCE_WORDS[tag].name, $('languages'));
      button.type = 'button';
      button.lang = tag;
      button.setAttribute('aria-pressed', String(tag === language));
      button.addEventListener('click', function () { chooseLanguage(tag); words(); check(); });
    });
  }

  async function check() {
    round += 1;
    var mine = round;
    var shown;
    try {
      if (!chosen.pack || !chosen.keys) {
        var missing = chosen.pack ? 'keys_missing' : chosen.keys ? 'pack_missing' : 'waiting';
        shown = function (result) { result.dataset.result = ''; element('p', say(missing), result); };
      } else {
        if (!window.crypto || !crypto.subtle) throw { refused: 'unsupported' };
        var pack = EvidenceFile.readPack(await chosen.pack.slice(0, EvidenceFile.MAX_BYTES + 1).arrayBuffer());
        var keys = EvidenceProof.readKeys(await chosen.keys.slice(0, 200000).arrayBuffer());
        var answers = await EvidenceProof.prove(pack, keys, $('about').value.trim());
        shown = function (result) { genuine(result, pack, answers); };
      }
    } catch (error) {
      // Whatever else goes wrong is no proof either.
      var code = error && error.refused ? error.refused : 'not-json';
      shown = function (result) { refused(result, code); };
    }
    // Somebody chose another file meanwhile.
    if (mine !== round) return;
    $('result').replaceChildren();
    delete $('result').dataset.reason;
    shown($('result'));
    $('not-taken').replaceChildren();
    notTaken.forEach(function (each) { element('p', say(each.key).replace('{file}', each.file), $('not-taken')); });
  }

  function refused(result, code) {
    result.dataset.result = 'refused';
    result.dataset.reason = code;
    element('h2', say('refused'), result);
    element('p', say(code), result);
    element('p', code, result).className = 'quiet';
  }

  function genuine(result, pack, answers) {
    result.dataset.result = 'genuine';
    element('h2', say('genuine'), result);
    var last = answers[answers.length - 1].document;
    element('p', say('transaction') + ' ' + pack.transaction + ' · ' + say('order') + ' ' + last.order_reference, result);
    // Genuine evidence of a small payment must not pass for that of a large one.
    element('p', [say('amount') + ' ' + money(last.amount), last.merchant_name].filter(Boolean).join(' · '), result).className = 'amount';
    // The newest is what counts; whoever reads one alone reads that one.
    answers.slice().reverse().forEach(function (answer) {
      var list = element('dl', '', result);
      list.className = 'answer';
      var line = function (label, text) { element('dt', label, list); element('dd', text, list); };
      line(say('version'), String(answer.version));
      line(say('code'), answer.matchCode);
      line(say('state'), named('state', answer.document.state));
      ['charged', 'pay_again', 'release'].forEach(function (name) { line(say(name), named(name, answer.document[name])); });
      line(say('signed'), answer.signed.map(function (at) { return moment(at * 1000); }).join(' – '));
    });
    var unsigned = say('unsigned').replace('{party}', named('party', pack.party)).replace('{time}', moment(pack.saved_at));
    element('p', unsigned, result).className = 'quiet';
  }

  /** Which of the two a dropped file is, `null` for neither: a key set is `{"keys": […]}` and no pack. */
  async function kindOf(file) {
    var start = await file.slice(0, 200000).text();
    if (start.indexOf('payment-status-evidence/') >= 0) return 'pack';
    return start.indexOf('"keys"') >= 0 ? 'keys' : null;
  }

  /** Takes the first file of either kind, and says of each other one that it was not taken. */
  async function take(files) {
    var taken = {};
    notTaken = [];
    var kinds = await Promise.all(files.map(kindOf));
    kinds.forEach(function (kind, index) {
      if (kind && !taken[kind]) taken[kind] = files[index];
      else notTaken.push({ key: kind ? 'one_too_many' : 'neither', file: files[index].name });
    });
    Object.keys(taken).forEach(function (kind) {
      chosen[kind] = taken[kind];
      showName(kind, taken[kind]);
    });
    check();
  }

  /** Lets the field name the file, as if it had been chosen there. */
  function showName(kind, file) {
    var transfer = new DataTransfer();
    transfer.items.add(file);
    $(kind).files = transfer.files;
  }

  ['pack', 'keys'].forEach(function (name) {
    $(name).addEventListener('change', function (event) {
      chosen[name] = event.target.files[0] || null;
      notTaken = [];
      check();
    });
  });
  $('about').addEventListener('input', check);
  // Over the whole page: a file that misses the field must not replace the page.
  window.addEventListener('dragover', function (event) { event.preventDefault(); $('drop').dataset.over = ''; });
  window.addEventListener('dragleave', function () { delete $('drop').dataset.over; });
  window.addEventListener('drop', function (event) {
    event.preventDefault();
    delete $('drop').dataset.over;
    take(Array.from(event.dataTransfer.files));
  });
  words();
  check();
})();
