import { describe } from './describe';

/** The base of every error that these packages throw on purpose. */
export class WsssError extends Error {
  override name = 'WsssError';
}

function sentence(where: string, subject: string, expected: string, got: string, hint?: string): string {
  return `${where}: expected ${subject} ${expected}, got ${got}.${hint ? `\n${hint}` : ''}`;
}

/** A tensor, or a list of sizes, has another shape than the function needs. */
export class ShapeError extends WsssError {
  override name = 'ShapeError';
  /**
   * @param where The function that was called.
   * @param argument Its argument.
   * @param expected The shape it needs; names stand for sizes that may vary: `['h', 'w', 3]`. Or words.
   * @param got The shape that came.
   * @param hint The likely cause, or the remedy.
   */
  constructor(
    readonly where: string,
    readonly argument: string,
    readonly expected: readonly (number | string)[] | string,
    readonly got: readonly number[] | undefined,
    hint?: string,
  ) {
    const shape = typeof expected === 'string' ? expected : `of shape [${expected.join(', ')}]`;
    const came = got ? `[${got.join(', ')}]` : 'no shape';
    super(sentence(where, `\`${argument}\``, shape, came, hint ?? (got ? undefined : 'Is an `await` missing?')));
  }
}

/** An argument has a value that the function cannot work with: out of range, NaN, an unknown name, an empty set. */
export class ValueError extends WsssError {
  override name = 'ValueError';
  /**
   * @param where The function that was called.
   * @param argument Its argument.
   * @param expected What it needs, as the end of a sentence: `'to be positive'`.
   * @param got The value that came.
   * @param hint The likely cause, or the remedy.
   */
  constructor(
    readonly where: string,
    readonly argument: string,
    readonly expected: string,
    readonly got: unknown,
    hint?: string,
  ) {
    super(sentence(where, `\`${argument}\``, expected, describe(got), hint));
  }
}

/** Shows control characters as escapes, and no more than a few lines: files may say anything, and messages are read. */
function visible(text: string): string {
  const shown = text.slice(0, 400).replace(/[\p{Cc}\p{Bidi_Control}]/gu, (char) => {
    const quoted = JSON.stringify(char).slice(1, -1);
    return quoted === char ? `\\u${char.codePointAt(0)!.toString(16).padStart(4, '0')}` : quoted;
  });
  return text.length > 400 || shown.length > 400 ? `${shown.slice(0, 399)}…` : shown;
}

/** A file is damaged, of another kind than it was taken for, or not allowed to be what it is. */
export class FormatError extends WsssError {
  override name = 'FormatError';
  /**
   * @param file What was read: a path, a URL, or `'bytes'`.
   * @param expected What should have been there, as the end of "expected …".
   * @param got What was there.
   * @param hint The likely cause, or the remedy.
   */
  constructor(
    readonly file: string,
    readonly expected: string,
    readonly got: unknown,
    hint?: string,
  ) {
    const came = typeof got === 'string' ? got : describe(got);
    super(`${visible(file)}: expected ${visible(expected)}, got ${visible(came)}.${hint ? `\n${visible(hint)}` : ''}`);
  }
}

/** The TensorFlow.js backend is missing, lacks a kernel, or computes wrongly. */
export class BackendError extends WsssError {
  override name = 'BackendError';
  /**
   * @param backend Its name, e.g. `'wasm'`.
   * @param problem What is wrong, as a sentence without its full stop.
   * @param hint The remedy.
   */
  constructor(
    readonly backend: string,
    problem: string,
    hint?: string,
    options?: ErrorOptions,
  ) {
    super(`backend '${backend}': ${problem}.${hint ? `\n${hint}` : ''}`, options);
  }
}
