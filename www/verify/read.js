// From bytes to what a file says; nothing is proven here. A refusal is thrown as `{refused: code}`.
'use strict';

var EvidenceFile = (function () {
  var FORMAT = 'payment-status-evidence/1';
  var MAX_BYTES = 1024 * 1024;

  function refuse(code) { throw { refused: code }; }

  /** JSON in which no object names a field twice: two readers could take different values from it. */
  function strictJson(bytes, code) {
    var text;
    var value;
    try {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      value = JSON.parse(text);
    } catch (error) {
      refuse(code);
    }
    if (namesAFieldTwice(text)) refuse(code);
    return value;
  }

  /** Over text that is JSON: a string before a colon is the name of a field of the innermost object. */
  function namesAFieldTwice(text) {
    var open = [];
    var token = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;
    var last = null;
    for (var found = token.exec(text); found; found = token.exec(text)) {
      var piece = found[0];
      if (piece === '{') open.push(new Set());
      else if (piece === '[') open.push(null);
      else if (piece === '}' || piece === ']') open.pop();
      else if (piece === ':') {
        var names = open[open.length - 1];
        var name = JSON.parse(last);
        if (names.has(name)) return true;
        names.add(name);
      } else last = piece;
    }
    return false;
  }

  function isObject(value) { return typeof value === 'object' && value !== null && !Array.isArray(value); }
  function isText(value) { return typeof value === 'string'; }

  function readPack(bytes) {
    if (bytes.byteLength > MAX_BYTES) refuse('too-large');
    var pack = strictJson(bytes, 'not-json');
    var ok = isObject(pack) && pack.format === FORMAT && /^tx_[0-9a-hjkmnp-tv-z]{26}$/.test(pack.transaction)
      && isText(pack.src) && ['payer', 'merchant', 'support'].indexOf(pack.party) >= 0 && isText(pack.locale)
      && isText(pack.saved_at) && !isNaN(Date.parse(pack.saved_at))
      && isObject(pack.keys) && Array.isArray(pack.keys.keys) && pack.keys.keys.every(isObject)
      && Array.isArray(pack.shown) && pack.shown.length > 0
      && pack.shown.every(function (shown) {
        return isObject(shown) && Number.isSafeInteger(shown.version) && shown.version >= 0 && isText(shown.match_code)
          && isText(shown.body) && Array.isArray(shown.signatures) && shown.signatures.every(isText)
          && shown.signatures.length >= 1 && shown.signatures.length <= 2;
      });
    if (!ok) refuse('wrong-format');
    return pack;
  }

  /** Base64url without padding, written in its one form; `null` for anything else. */
  function fromBase64url(text) {
    if (!isText(text) || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
    var binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    var again = btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
    if (again !== text) return null;
    return Uint8Array.from(binary, function (letter) { return letter.charCodeAt(0); });
  }

  return { MAX_BYTES: MAX_BYTES, refuse: refuse, strictJson: strictJson, readPack: readPack, fromBase64url: fromBase64url, isObject: isObject };
})();
