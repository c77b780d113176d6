// What can happen to an answer on its way. Each is an act for `proxy.fault`.

import { pipeline } from 'node:stream/promises';

/** 100 Mbit/s. */
const LINE_BYTES_PER_MS = 12_500;

const later = (milliseconds, what) => setTimeout(what, milliseconds).unref();

/** A fixed answer. */
export const answers = (status, headers = {}, body = '{}') => ({ send }) => (
  send({ status, headers: { 'content-type': 'application/json', ...headers }, body }));

/** The genuine answer, changed: `change({status, headers, body}, url)`. */
export const changed = (change) => async ({ whole, send, request }) => send(await change(await whole(), request.url));

/** The genuine answer's bytes under other headers. */
export const headed = (headers) => changed((answer) => ({ ...answer, headers: { ...answer.headers, ...headers } }));

export const resets = ({ response }) => response.socket?.resetAndDestroy();

export const resetsAfterHeaders = async ({ response, whole }) => {
  const { status, headers } = await whole();
  response.writeHead(status, headers);
  response.flushHeaders();
  later(30, () => response.socket?.resetAndDestroy());
};

/** Promises the whole body and cuts the connection after `share` of it. */
export const cutsAt = (share) => async ({ response, whole }) => {
  const { status, headers, body } = await whole();
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length * share)));
  later(30, () => response.socket?.resetAndDestroy());
};

/** Sends nothing for so long, then the genuine answer. */
export const hangs = (milliseconds) => async ({ whole, send }) => {
  await new Promise((resolve) => later(milliseconds, resolve));
  send(await whole());
};

/** Sends headers and half of the body, then nothing for so long. */
export const hangsMidBody = (milliseconds) => async ({ response, whole }) => {
  const { status, headers, body } = await whole();
  const half = body.length >> 1;
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.write(body.subarray(0, half));
  later(milliseconds, () => response.end(body.subarray(half)));
};

/** Sends the real answer at so many bytes a second. */
export const drips = (bytesPerSecond) => async ({ response, real }) => {
  const { status, headers, body } = await real();
  response.writeHead(status, headers);
  const step = Math.max(1, Math.floor(bytesPerSecond / 10));
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    response.write(body.subarray(at, at + step));
  }
  response.end();
};

/**
 * A body of so many bytes over a fast line; notes in the log how many were taken. Not as fast as this machine can: unless
 * an answer says `no-store`, Chromium takes all of it that the line brings for as long as nobody aborts, whether the page
 * reads or not. Without a line, only the machine's other programs would decide how much that is.
 */
export const floods = (bytes, withLength) => async ({ response, entry }) => {
  response.writeHead(200, { 'content-type': 'application/json', ...(withLength ? { 'content-length': bytes } : {}) });
  await pipeline(line(bytes, (taken) => { entry.sent += taken; }), response);
};

async function* line(bytes, took) {
  const part = Buffer.alloc(64 * 1024, ' ');
  for (let left = bytes; left > 0; left -= part.length) {
    const length = Math.min(part.length, left);
    yield part.subarray(0, length);
    took(length);
    await new Promise((resolve) => { setTimeout(resolve, length / LINE_BYTES_PER_MS); });
  }
}
