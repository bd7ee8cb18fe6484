// COCO's masks: lengths of runs of zeros and ones in turn, down the columns, from the left one to the right.

/** @throws {RangeError} if the runs do not fill the image exactly. */
export function fillRuns(inside: Uint8Array, height: number, width: number, counts: readonly number[]): void {
  let at = 0;
  for (const [i, count] of counts.entries()) {
    if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`a run of ${count}`);
    if (at + count > height * width) throw new RangeError('runs that go beyond the image');
    for (const end = at + count; i % 2 === 1 && at < end; at++)
      inside[(at % height) * width + Math.floor(at / height)] = 1;
    if (i % 2 === 0) at += count;
  }
  if (at !== height * width) throw new RangeError('runs that end before the image');
}

/** The runs of a mask `[h, w]`, zeros first. */
export function runsOf(inside: (row: number, column: number) => boolean, height: number, width: number): number[] {
  const counts: number[] = [];
  let [value, count] = [false, 0];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if (inside(y, x) !== value) {
        counts.push(count);
        [value, count] = [!value, 0];
      }
      count++;
    }
  }
  counts.push(count);
  return counts;
}

/**
 * The runs of COCO's compressed form: from the fourth one on the difference to the one before the last; each number in
 * groups of five bits, lowest first, a sixth saying that more follow, as a character from '0' on; the fifth bit of the
 * last group is the sign.
 *
 * @throws {RangeError} for other characters, or a number without an end.
 */
export function parseRuns(text: string): number[] {
  const counts: number[] = [];
  let [value, shift] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const bits = text.charCodeAt(i) - 48;
    if (!(bits >= 0 && bits < 64) || shift > 30) throw new RangeError(`'${text[i]}' at character ${i}`);
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    if (bits & 16 && shift < 32) value |= -1 << shift;
    counts.push(counts.length > 2 ? value + counts.at(-2)! : value);
    [value, shift] = [0, 0];
  }
  if (shift !== 0) throw new RangeError('a number without an end');
  return counts;
}

/** The inverse of {@link parseRuns}. */
export function formatRuns(counts: readonly number[]): string {
  let text = '';
  for (const [i, count] of counts.entries()) {
    let rest = i > 2 ? count - counts[i - 2]! : count;
    for (let more = true; more; ) {
      const bits = rest & 31;
      rest >>= 5;
      more = rest !== (bits & 16 ? -1 : 0);
      text += String.fromCharCode(48 + bits + (more ? 32 : 0));
    }
  }
  return text;
}
