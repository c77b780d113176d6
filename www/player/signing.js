// Signs one message as a source, per Standard Webhooks with a symmetric secret (docs/protocol.md, 2).
// Uses WebCrypto alone, so it runs the same in a browser and under Node's test runner.

const PREFIX = 'whsec_';

/**
 * The three headers of Standard Webhooks plus the one that names the source.
 * `timestamp` is Unix seconds; the server refuses one more than 300 s off its own clock.
 */
export async function signedHeaders({ source, secret, id, timestamp, body }) {
  return {
    'content-type': 'application/json',
    'payment-status-source': source,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': await signature({ secret, id, timestamp, body }),
  };
}

/** `v1,<base64 HMAC-SHA256(secret, id.timestamp.body)>`. */
export async function signature({ secret, id, timestamp, body }) {
  const key = await crypto.subtle.importKey(
    'raw', secretBytes(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`;
}

function secretBytes(secret) {
  // The value itself stays out of the message: a secret with a typing error is still mostly a secret.
  if (!secret.startsWith(PREFIX)) throw new TypeError(`a secret starts with "${PREFIX}", this one does not`);
  return Uint8Array.from(atob(secret.slice(PREFIX.length)), (character) => character.charCodeAt(0));
}
