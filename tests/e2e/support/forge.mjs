// A signer of our own, for documents that the real server would never sign.

import { createHash, generateKeyPairSync, sign } from 'node:crypto';

export class Forge {
  constructor(kid = 'forge-1') {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.kid = kid;
    this.privateKey = privateKey;
    this.jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' };
  }

  /** For the `keys` attribute. */
  get keys() {
    return JSON.stringify({ keys: [this.jwk] });
  }

  /** `{body, headers}` of a signed answer; `claims` overrides what is signed beside the body. */
  answer(document, claims = {}) {
    const body = Buffer.from(JSON.stringify(document));
    const header = { alg: 'EdDSA', b64: false, crit: ['b64'], kid: this.kid, txn: document.transaction,
      ver: document.version, iat: Math.floor(Date.now() / 1000), ...claims };
    const protectedHeader = Buffer.from(JSON.stringify(header)).toString('base64url');
    const signature = sign(null, Buffer.concat([Buffer.from(`${protectedHeader}.`), body]), this.privateKey);
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 16);
    return {
      body,
      headers: {
        'content-type': 'application/json',
        etag: `"${document.version}-${hash}"`,
        'payment-status-signature': `${protectedHeader}..${signature.toString('base64url')}`,
        'retry-after': '1',
      },
    };
  }
}

/** Alters the first occurrence of `from` in an answer's body; the signature stays as it was. */
export function tampered({ body, headers }, from, to) {
  const text = body.toString();
  if (!text.includes(from)) throw new Error(`there is no ${from} in ${text}`);
  return { headers, body: Buffer.from(text.replace(from, to)) };
}
