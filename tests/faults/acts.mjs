// What can happen to an answer on its way. Each is an act for `proxy.fault`.

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

/** A body of so many bytes, as fast as it is taken; notes in the log how many were. */
export const floods = (bytes, withLength) => async ({ response, entry }) => {
  const part = Buffer.alloc(64 * 1024, ' ');
  response.writeHead(200, { 'content-type': 'application/json', ...(withLength ? { 'content-length': bytes } : {}) });
  const socket = response.socket;
  for (let sent = 0; sent < bytes && !response.destroyed; sent += part.length) {
    if (!response.write(part.subarray(0, Math.min(part.length, bytes - sent)))) {
      await new Promise((resolve) => { response.once('drain', resolve); response.once('close', resolve); });
    }
    entry.sent = socket.bytesWritten;
  }
  response.end();
};
