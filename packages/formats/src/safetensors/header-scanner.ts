import { FormatError } from '@wsss/core';

/**
 * Reads the JSON of a header: objects of known depth, strings, and lists of whole numbers ≥ 0. `JSON.parse` would do
 * more than is needed (any depth, any number) and less (it keeps the last of two equal keys in silence).
 */
export class HeaderScanner {
  #at = 0;

  constructor(
    readonly file: string,
    readonly text: string,
  ) {}

  /** An object; `entry` reads the value of each key. */
  object(entry: (key: string) => void): void {
    this.#take('{');
    if (this.#has('}')) return;
    do {
      const key = this.string();
      this.#take(':');
      entry(key);
    } while (this.#has(','));
    this.#take('}');
  }

  string(): string {
    this.#space();
    const start = this.#at;
    if (this.text[start] !== '"') this.#fail('a string');
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    this.#at = end + 1;
    const quoted = this.text.slice(start, end + 1);
    try {
      return JSON.parse(quoted) as string;
    } catch {
      this.#at = start;
      return this.#fail('a string');
    }
  }

  integers(): number[] {
    const numbers: number[] = [];
    this.#take('[');
    if (this.#has(']')) return numbers;
    do numbers.push(this.#integer());
    while (this.#has(','));
    this.#take(']');
    return numbers;
  }

  /** Nothing but spaces may follow. */
  end(): void {
    this.#space();
    if (this.#at < this.text.length) this.#fail('the end of the header');
  }

  #integer(): number {
    this.#space();
    const start = this.#at;
    while (this.#at - start < 17 && isDigit(this.text.charCodeAt(this.#at))) this.#at++;
    const digits = this.text.slice(start, this.#at);
    const number = Number(digits);
    if (digits === '' || !Number.isSafeInteger(number) || (digits.length > 1 && digits[0] === '0')) {
      this.#at = start;
      this.#fail('a whole number from 0 to 2^53');
    }
    return number;
  }

  #has(char: string): boolean {
    this.#space();
    if (this.text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #take(char: string): void {
    if (!this.#has(char)) this.#fail(`'${char}'`);
  }

  #space(): void {
    while (' \n\r\t'.includes(this.text[this.#at] ?? 'x')) this.#at++;
  }

  #fail(expected: string): never {
    const near = this.text.slice(this.#at, this.#at + 20);
    const got = near === '' ? 'its end' : `${JSON.stringify(near)} at ${this.#at}`;
    throw new FormatError(this.file, `${expected} in the safetensors header`, got);
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
