import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

/** The pixels of an 8-bit RGB or RGBA PNG without interlacing, `[h, w, 3]`: enough for the photos of the tests. */
export function readPng(path: string): { values: Uint8Array; shape: [number, number, number] } {
  const bytes = readFileSync(path);
  let at = 8;
  let [width, height, channels] = [0, 0, 0];
  const parts: Buffer[] = [];
  while (at < bytes.length) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (kind === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      channels = body[9] === 6 ? 4 : 3;
      if (body[8] !== 8 || (body[9] !== 2 && body[9] !== 6) || body[12] !== 0)
        throw new Error(`${path}: not plain RGB`);
    }
    if (kind === 'IDAT') parts.push(body);
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const lines = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    for (let i = 0; i < stride; i++) {
      const left = i >= channels ? lines[y * stride + i - channels]! : 0;
      const up = y > 0 ? lines[(y - 1) * stride + i]! : 0;
      const corner = y > 0 && i >= channels ? lines[(y - 1) * stride + i - channels]! : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      lines[y * stride + i] = raw[y * (stride + 1) + 1 + i]! + guess;
    }
  }
  const values = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) values[3 * i + c] = lines[channels * i + c]!;
  return { values, shape: [height, width, 3] };
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [left, up, corner].map((v) => Math.abs(left + up - corner - v)) as [number, number, number];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
