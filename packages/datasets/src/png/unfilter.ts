import { FormatError } from '@wsss/core';

/**
 * Undoes the filters of `rows` lines, in place: each is a byte that names its filter, then `length` bytes.
 *
 * @param step Bytes per pixel, at least 1.
 */
export function unfilter(data: Uint8Array, start: number, rows: number, length: number, step: number, file: string) {
  for (let y = 0, at = start + 1; y < rows; y++, at += length + 1) {
    const filter = data[at - 1]!;
    const above = y === 0 ? -1 : at - length - 1;
    if (filter === 1) subtract(data, at, length, step);
    else if (filter === 2 && above >= 0) up(data, at, above, length);
    else if (filter === 3) average(data, at, above, length, step);
    else if (filter === 4) paeth(data, at, above, length, step);
    else if (filter > 4) throw new FormatError(file, 'PNG filters from 0 to 4', `${filter}`, 'The file is damaged.');
  }
}

function subtract(data: Uint8Array, at: number, length: number, step: number): void {
  for (let i = at + step; i < at + length; i++) data[i]! += data[i - step]!;
}

function up(data: Uint8Array, at: number, above: number, length: number): void {
  for (let i = 0; i < length; i++) data[at + i]! += data[above + i]!;
}

function average(data: Uint8Array, at: number, above: number, length: number, step: number): void {
  for (let i = 0; i < length; i++) {
    const left = i >= step ? data[at + i - step]! : 0;
    const top = above >= 0 ? data[above + i]! : 0;
    data[at + i]! += (left + top) >> 1;
  }
}

function paeth(data: Uint8Array, at: number, above: number, length: number, step: number): void {
  for (let i = 0; i < length; i++) {
    const left = i >= step ? data[at + i - step]! : 0;
    const top = above >= 0 ? data[above + i]! : 0;
    const corner = i >= step && above >= 0 ? data[above + i - step]! : 0;
    const toLeft = Math.abs(top - corner);
    const toTop = Math.abs(left - corner);
    const toCorner = Math.abs(left + top - 2 * corner);
    data[at + i]! += toLeft <= toTop && toLeft <= toCorner ? left : toTop <= toCorner ? top : corner;
  }
}
