// Makes a browser's PNG smaller: the browser packs for speed.
// PNG (ISO/IEC 15948), 8 bits a channel, not interlaced: what browsers write.

import zlib, { constants, deflateSync, inflateSync } from 'node:zlib';

const HEAD = 8;

/** The same picture in fewer bytes, or the same bytes if they cannot be fewer. */
export function smaller(png) {
  const chunks = readChunks(png);
  const header = chunks.find(({ type }) => type === 'IHDR').data;
  const [width, height, depth, colour, interlace] = [
    header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9], header[12]];
  const channels = { 2: 3, 6: 4 }[colour];
  if (depth !== 8 || interlace !== 0 || !channels) return png;
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const rows = unfiltered(inflateSync(packed), width * channels, height, channels);
  const tries = [[0], [1], [2], [0, 1, 2, 3, 4]].map((filters) => deflateSync(filtered(rows, channels, filters), {
    level: 9, memLevel: 9, strategy: filters[0] === 0 ? constants.Z_DEFAULT_STRATEGY : constants.Z_FILTERED }));
  const best = tries.reduce((a, b) => (b.length < a.length ? b : a));
  const result = Buffer.concat([png.subarray(0, HEAD), chunk('IHDR', header), chunk('IDAT', best), chunk('IEND', Buffer.alloc(0))]);
  return result.length < png.length ? result : png;
}

/**
 * The same picture with at most `colourCount` (up to 256) colours, for the web: the colours that most pixels have, every other pixel in the
 * nearest of them. Not transparent.
 */
export function indexed(png, colourCount = 256) {
  const chunks = readChunks(png);
  const header = Buffer.from(chunks.find(({ type }) => type === 'IHDR').data);
  const [width, height, channels] = [header.readUInt32BE(0), header.readUInt32BE(4), { 2: 3, 6: 4 }[header[9]]];
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const rows = unfiltered(inflateSync(packed), width * channels, height, channels);
  const counts = new Map();
  const colourAt = (row, x) => row.readUIntBE(x * channels, 3);
  for (const row of rows) {
    for (let x = 0; x < width; x += 1) counts.set(colourAt(row, x), (counts.get(colourAt(row, x)) ?? 0) + 1);
  }
  const palette = [...counts].sort(([, a], [, b]) => b - a).slice(0, colourCount).map(([colour]) => colour);
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(colour, palette)]));
  const small = palette.length <= 16;
  const lines = rows.map((row) => {
    const line = Buffer.alloc(1 + (small ? Math.ceil(width / 2) : width));
    for (let x = 0; x < width; x += 1) {
      const place = places.get(colourAt(row, x));
      if (small) line[1 + (x >> 1)] |= x % 2 ? place : place << 4;
      else line[1 + x] = place;
    }
    return line;
  });
  [header[8], header[9]] = [small ? 4 : 8, 3];
  const colours = Buffer.alloc(palette.length * 3);
  palette.forEach((colour, index) => colours.writeUIntBE(colour, index * 3, 3));
  const data = deflateSync(Buffer.concat(lines), { level: 9, memLevel: 9 });
  return Buffer.concat([png.subarray(0, HEAD), chunk('IHDR', header), chunk('PLTE', colours), chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0))]);
}

function nearest(colour, palette) {
  const apart = (other) => [16, 8, 0].reduce((sum, shift) => sum + (((colour >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);
  let best = 0;
  for (let index = 1; index < palette.length && apart(palette[best]) > 0; index += 1) {
    if (apart(palette[index]) < apart(palette[best])) best = index;
  }
  return best;
}

function readChunks(png) {
  const chunks = [];
  for (let at = HEAD; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function unfiltered(data, size, height, channels) {
  const rows = [];
  let above = Buffer.alloc(size);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (size + 1)];
    const row = Buffer.from(data.subarray(y * (size + 1) + 1, (y + 1) * (size + 1)));
    for (let x = 0; x < size; x += 1) row[x] += predicted(filter, row, above, x, channels);
    rows.push(row);
    above = row;
  }
  return rows;
}

/** Each row by the filter among `filters` that leaves the smallest differences. */
function filtered(rows, channels, filters) {
  let above = Buffer.alloc(rows[0].length);
  return Buffer.concat(rows.map((row) => {
    const tries = filters.map((filter) => {
      const line = Buffer.alloc(row.length + 1);
      line[0] = filter;
      let sum = 0;
      for (let x = 0; x < row.length; x += 1) {
        const difference = (row[x] - predicted(filter, row, above, x, channels)) & 255;
        line[x + 1] = difference;
        sum += difference < 128 ? difference : 256 - difference;
      }
      return { line, sum };
    });
    above = row;
    return tries.reduce((a, b) => (b.sum < a.sum ? b : a)).line;
  }));
}

function predicted(filter, row, above, x, channels) {
  const left = x < channels ? 0 : row[x - channels];
  switch (filter) {
    case 0: return 0;
    case 1: return left;
    case 2: return above[x];
    case 3: return (left + above[x]) >> 1;
    default: return paeth(left, above[x], x < channels ? 0 : above[x - channels]);
  }
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value));
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

// Node has its own since 20.15.
function crc32(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes);
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
