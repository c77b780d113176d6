// The signature that the player makes is the one that Standard Webhooks describes.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import { signature, signedHeaders } from '../../www/player/signing.js';

test('the published example of Standard Webhooks comes out', async () => {
  const made = await signature({
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1614265330,
    body: '{"test": 2432232314}',
  });
  assert.equal(made, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('a body beyond ASCII is signed as UTF-8', async () => {
  const key = Buffer.alloc(32, 7);
  const body = '{"note":"顾客已付 128.00"}';
  const made = await signature({ secret: `whsec_${key.toString('base64')}`, id: 'm1', timestamp: 1, body });
  assert.equal(made, `v1,${createHmac('sha256', key).update(`m1.1.${body}`).digest('base64')}`);
});

test('the headers name the source, the message and the time that were signed', async () => {
  const headers = await signedHeaders({
    source: 'wallet', secret: `whsec_${btoa('secret')}`, id: 'm2', timestamp: 42, body: '{}' });
  assert.equal(headers['payment-status-source'], 'wallet');
  assert.equal(headers['webhook-id'], 'm2');
  assert.equal(headers['webhook-timestamp'], '42');
  assert.match(headers['webhook-signature'], /^v1,[A-Za-z0-9+/]{43}=$/);
});

test('a secret in another form is refused, and not repeated in the error', async () => {
  const wrong = signature({ secret: 'sk_very_secret', id: 'm', timestamp: 1, body: '' });
  await assert.rejects(wrong, (error) => {
    assert.match(error.message, /whsec_/);
    assert.doesNotMatch(error.message, /very_secret/);
    return true;
  });
});
