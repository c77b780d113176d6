// What the server's signatures prove of a pack: the checks of `payment-status-server verify`, by the browser's WebCrypto.
'use strict';

var EvidenceProof = (function () {
  var refuse = EvidenceFile.refuse;
  var ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  /** Seconds by which a time that the screen has worked out may be off. */
  var SCREEN_SLACK_S = 60;

  /** A JWK set as `Map` from key id to its bytes as text. */
  function readKeys(bytes) {
    var set = EvidenceFile.strictJson(bytes, 'keys-unreadable');
    var keys = new Map();
    if (!EvidenceFile.isObject(set) || !Array.isArray(set.keys)) refuse('keys-unreadable');
    set.keys.filter(function (jwk) { return EvidenceFile.isObject(jwk) && jwk.crv === 'Ed25519'; }).forEach(function (jwk) {
      var raw = EvidenceFile.fromBase64url(jwk.x);
      if (jwk.kty !== 'OKP' || typeof jwk.kid !== 'string' || !raw || raw.length !== 32 || keys.has(jwk.kid)) refuse('keys-unreadable');
      keys.set(jwk.kid, jwk.x);
    });
    if (keys.size === 0) refuse('keys-unreadable');
    return keys;
  }

  /** Ends with the proven answers, in the order in which they were shown. `about` is an order or a transaction, or empty. */
  async function prove(pack, keys, about) {
    pack.keys.keys.forEach(function (jwk) {
      if (keys.has(jwk.kid) && (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || jwk.x !== keys.get(jwk.kid))) refuse('key-differs');
    });
    var answers = [];
    for (var i = 0; i < pack.shown.length; i += 1) {
      var answer = await proveAnswer(pack, pack.shown[i], keys);
      var before = answers[answers.length - 1];
      if (before && answer.version <= before.version) refuse('version-went-back');
      if (before && answer.signed[0] < before.signed[before.signed.length - 1]) refuse('time-went-back');
      answers.push(answer);
    }
    var last = answers[answers.length - 1];
    var savedAt = Math.floor(Date.parse(pack.saved_at) / 1000);
    if (savedAt + SCREEN_SLACK_S < last.signed[last.signed.length - 1]) refuse('pack-differs');
    if (pack.src.indexOf(pack.transaction) < 0) refuse('pack-differs');
    var isAbout = function (answer) { return about === pack.transaction || about === answer.document.order_reference; };
    if (about && !answers.every(isAbout)) refuse('other-about');
    return answers;
  }

  async function proveAnswer(pack, shown, keys) {
    var body = new TextEncoder().encode(shown.body);
    var signed = [];
    for (var i = 0; i < shown.signatures.length; i += 1) {
      var header = await verify(shown.signatures[i], body, keys);
      if (!pack.keys.keys.some(function (jwk) { return jwk.kid === header.kid; })) refuse('key-differs');
      if (header.txn !== pack.transaction || header.ver !== shown.version) refuse('header-differs');
      if (i > 0 && header.iat < signed[i - 1]) refuse('time-went-back');
      signed.push(header.iat);
    }
    var document = EvidenceFile.strictJson(body, 'body-unreadable');
    if (!EvidenceFile.isObject(document) || document.format !== 1) refuse('body-unreadable');
    if (document.transaction !== pack.transaction || document.version !== shown.version) refuse('header-differs');
    if (contradicts(document)) refuse('body-contradicts');
    var code = matchCode(new Uint8Array(await crypto.subtle.digest('SHA-256', body)));
    if (code !== shown.match_code) refuse('match-code-differs');
    return { version: shown.version, matchCode: code, signed: signed, document: document };
  }

  /** One detached JWS (RFC 7515 appendix F, RFC 7797) over `body`; answers its protected header. */
  async function verify(jws, body, keys) {
    var parts = jws.split('..');
    var protectedBytes = parts.length === 2 && EvidenceFile.fromBase64url(parts[0]);
    var signature = parts.length === 2 && EvidenceFile.fromBase64url(parts[1]);
    if (!protectedBytes || !signature || signature.length !== 64) refuse('signature-malformed');
    var header = EvidenceFile.strictJson(protectedBytes, 'signature-malformed');
    var ok = EvidenceFile.isObject(header) && typeof header.alg === 'string' && typeof header.b64 === 'boolean' && Array.isArray(header.crit)
      && typeof header.kid === 'string' && typeof header.txn === 'string' && Number.isSafeInteger(header.ver) && Number.isSafeInteger(header.iat);
    if (!ok) refuse('signature-malformed');
    // An algorithm that the sender may choose is a way in.
    if (header.alg !== 'EdDSA' || header.b64 || header.crit.length !== 1 || header.crit[0] !== 'b64') refuse('signature-not-agreed');
    if (!keys.has(header.kid)) refuse('key-unknown');
    var key;
    try {
      key = await crypto.subtle.importKey('raw', EvidenceFile.fromBase64url(keys.get(header.kid)), { name: 'Ed25519' }, false, ['verify']);
    } catch (error) {
      refuse(error.name === 'NotSupportedError' ? 'unsupported' : 'keys-unreadable');
    }
    var start = new TextEncoder().encode(parts[0] + '.');
    var input = new Uint8Array(start.length + body.length);
    input.set(start);
    input.set(body, start.length);
    if (!await crypto.subtle.verify('Ed25519', key, signature, input)) refuse('signature-invalid');
    return header;
  }

  /** Headlines beside which nobody is told to hand over the goods. */
  var NO_RELEASE = ['awaiting_payment', 'processing', 'debited_not_credited', 'amount_mismatch', 'under_review', 'declined',
    'cancelled', 'expired', 'reversed', 'refunded'];

  /** The contradictions that would cost somebody money; a signature says who wrote it, not that it is right. */
  function contradicts(document) {
    var credited = Array.isArray(document.legs) && document.legs.some(function (leg) {
      return leg && leg.leg === 'credit' && leg.status === 'succeeded';
    });
    return (document.pay_again === 'safe' && ['not_charged', 'returned'].indexOf(document.charged) < 0)
      || (document.release === 'release'
        && (!credited || document.charged === 'not_charged' || NO_RELEASE.indexOf(document.state) >= 0));
  }

  /** The first 30 bits as six characters, written `7K3-M9Q`. */
  function matchCode(hash) {
    var bits = ((hash[0] << 24) | (hash[1] << 16) | (hash[2] << 8) | hash[3]) >>> 2;
    var code = [25, 20, 15, 10, 5, 0].map(function (shift) { return ALPHABET[(bits >>> shift) & 31]; }).join('');
    return code.slice(0, 3) + '-' + code.slice(3);
  }

  return { readKeys: readKeys, prove: prove };
})();
