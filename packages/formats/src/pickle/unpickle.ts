import { FormatError } from '@wsss/core';
import type { ByteCursor } from './byte-cursor';
import { Global, isStateful, OrderedDict, Tuple } from './python-values';

/** Makes a value from the arguments of a call that is allowed. Returns `undefined` if they are not as they must be. */
export type Constructor = (args: readonly unknown[]) => unknown;

export interface UnpickleOptions {
  /** What may be called, by its full name: only these make anything. */
  readonly constructors: ReadonlyMap<string, Constructor>;
  /** What an id of something outside of the pickle stands for. Returns `undefined` for one that cannot be. */
  readonly persistent?: (id: unknown) => unknown;
}

const MARK = Symbol('mark');
/** No number in these files needs more. */
const LONGEST_NUMBER = 256;
/**
 * More instructions than any file of weights has. Values in lists that are given to constructors count too, and what
 * takes more memory than an instruction: a dictionary or set for 16, a list for 4.
 */
const MOST_STEPS = 8_000_000;

/**
 * Reads one pickle, of any protocol up to 5, and executes nothing: a call makes a value only if it is one of
 * `constructors`; anything else is refused by its name.
 *
 * @throws {FormatError} for what is refused or damaged; {EndOfBytes} if the bytes end before the pickle does.
 *
 * Source: the opcodes as CPython's `pickletools` describes them.
 */
export function unpickle(cursor: ByteCursor, options: UnpickleOptions): unknown {
  return new Machine(cursor, options).run();
}

class Machine {
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();
  readonly #marks: number[] = [];
  #steps = 0;

  constructor(
    readonly cursor: ByteCursor,
    readonly options: UnpickleOptions,
  ) {}

  run(): unknown {
    for (;;) {
      const at = this.cursor.at;
      const opcode = this.cursor.uint8();
      if (opcode === 0x2e) return this.#pop();
      this.count(1);
      const step = steps[opcode];
      if (!step) {
        const shown = opcode > 32 && opcode < 127 ? `'${String.fromCharCode(opcode)}'` : `0x${opcode.toString(16)}`;
        throw this.damaged('a pickle instruction', `${shown} at ${at}`);
      }
      step(this);
    }
  }

  count(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw this.damaged(`a pickle of at most ${MOST_STEPS} steps`, 'a longer one');
  }

  damaged(expected: string, got: string): FormatError {
    return new FormatError(this.cursor.file, expected, got, 'The file is damaged, or not a file of weights.');
  }

  refused(what: string): FormatError {
    const hint =
      'Nothing was executed. In Python, save the weights alone: torch.save(model.state_dict(), path), or as .safetensors.';
    return new FormatError(this.cursor.file, 'a pickle of tensors, numbers and text', `one that wants ${what}`, hint);
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pushNew(value: unknown, cost: number): void {
    this.count(cost);
    this.#stack.push(value);
  }

  #pop(): unknown {
    const value = this.#stack.pop();
    if (value === undefined || value === MARK) throw this.damaged('a value on the stack of the pickle', 'none');
    return value;
  }

  pop = () => this.#pop();

  top(): unknown {
    const value = this.#pop();
    this.#stack.push(value);
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
    this.#stack.push(MARK);
  }

  /** The values above the last mark. */
  popMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined || this.#stack[mark] !== MARK)
      throw this.damaged('a mark on the stack of the pickle', 'none');
    const values = this.#stack.splice(mark);
    values.shift();
    return values;
  }

  /** Takes the last value away, or the mark if it is the last. */
  drop(): void {
    if (this.#stack.at(-1) === MARK) this.popMark();
    else this.#pop();
  }

  popTuple(length: number): void {
    const items = Array.from({ length }, () => this.#pop()).reverse();
    this.push(new Tuple(items));
  }

  put(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  get(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.damaged(`value ${index} in the memo of the pickle`, 'none');
    this.push(value);
  }

  /** A place in the memo, as protocol 0 writes it. */
  place(): number {
    const digits = this.cursor.line();
    if (!/^\d{1,9}$/.test(digits)) throw this.damaged('a place in the memo', `'${shorten(digits)}'`);
    return Number(digits);
  }

  append(values: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw this.damaged('a list to append to', typeof list);
    for (const value of values) list.push(value);
  }

  setItems(pairs: readonly unknown[]): void {
    const dictionary = this.top();
    if (!(dictionary instanceof Map) || pairs.length % 2 !== 0)
      throw this.damaged('a dictionary to fill', typeof dictionary);
    for (let i = 0; i < pairs.length; i += 2) dictionary.set(pairs[i], pairs[i + 1]);
  }

  addItems(values: readonly unknown[]): void {
    const set = this.top();
    if (!(set instanceof Set)) throw this.damaged('a set to add to', typeof set);
    for (const value of values) set.add(value);
  }

  global(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw this.damaged('the name of a class', typeof name);
    const found = new Global(module, name);
    if (!this.options.constructors.has(found.path)) throw this.refused(shorten(found.path));
    this.push(found);
  }

  /** Calls what the stack holds: a function or class, and a tuple of arguments. */
  reduce(): void {
    const args = this.#pop();
    const callee = this.#pop();
    if (!(callee instanceof Global) || !(args instanceof Tuple))
      throw this.damaged('a function and its arguments', 'others');
    for (const arg of args.items) this.count(Array.isArray(arg) || arg instanceof Tuple ? lengthOf(arg) : 1);
    const made = this.options.constructors.get(callee.path)?.(args.items);
    if (made instanceof Map) this.count(16);
    if (made === undefined) throw this.damaged(`arguments that ${callee.path} takes`, 'others');
    this.push(made);
  }

  /** Gives a value the state that follows it. */
  build(): void {
    const state = this.#pop();
    const value = this.top();
    if (isStateful(value)) value.setState(state);
    else if (!(value instanceof OrderedDict)) throw this.refused('to set the state of an object');
  }

  persistent(): void {
    const found = this.options.persistent?.(this.#pop());
    if (found === undefined) throw this.damaged('the id of a storage', 'another');
    this.push(found);
  }

  /** A whole number of any length; a bigint only where a number does not hold it. */
  long(length: number): void {
    if (length > LONGEST_NUMBER) throw this.damaged(`a number of at most ${LONGEST_NUMBER} bytes`, `${length}`);
    const bytes = this.cursor.raw(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    if (length > 0 && bytes[length - 1]! >= 128) value -= 1n << BigInt(8 * length);
    this.push(numberOf(value));
  }

  decimal(): void {
    const text = this.cursor.line().replace(/L$/, '');
    if (text === '00' || text === '01') this.push(text === '01');
    else if (/^-?\d{1,400}$/.test(text)) this.push(numberOf(BigInt(text)));
    else throw this.damaged('a whole number', `'${shorten(text)}'`);
  }

  float(): void {
    const text = this.cursor.line();
    const value = Number(text.replace(/^(-?)inf$/, '$1Infinity'));
    if (text === '' || (Number.isNaN(value) && text !== 'nan')) throw this.damaged('a number', `'${shorten(text)}'`);
    this.push(value);
  }
}

function lengthOf(value: readonly unknown[] | Tuple): number {
  return value instanceof Tuple ? value.items.length : value.length;
}

function numberOf(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** `'abc'` or `"abc"` with escapes, as Python 2 writes text in protocol 0. */
function quoted(machine: Machine, line: string): string {
  const inside = /^(['"])(.*)\1$/s.exec(line)?.[2];
  if (inside === undefined) throw machine.damaged('text in quotes', `'${shorten(line)}'`);
  const plain: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' };
  return inside.replace(/\\(x([0-9a-fA-F]{2})|[\s\S])/g, (_, short: string, code?: string) => {
    if (code) return String.fromCharCode(Number.parseInt(code, 16));
    const char = plain[short];
    if (char === undefined) throw machine.damaged('text with known escapes', `\\${short}`);
    return char;
  });
}

/** Text of protocol 0 in Python 3: Latin-1, with other characters as \uXXXX. */
function escaped(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short?: string, long?: string) => {
    const code = Number.parseInt((short ?? long)!, 16);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}

const refuse = (what: string) => (machine: Machine) => {
  throw machine.refused(what);
};

type Step = (machine: Machine) => void;

/** Opcode → what it does. */
const steps: (Step | undefined)[] = [];
const at = (code: string | number, step: Step) => {
  steps[typeof code === 'string' ? code.charCodeAt(0) : code] = step;
};

at(0x80, (m) => {
  const protocol = m.cursor.uint8();
  if (protocol > 5) throw m.damaged('a pickle of protocol 0 to 5', `${protocol}`);
});
at(0x95, (m) => void m.cursor.uint64()); // a frame: how much to read at once
at('(', (m) => m.mark());
at('0', (m) => m.drop());
at('1', (m) => void m.popMark());
at('2', (m) => m.push(m.top()));
at('N', (m) => m.push(null));
at(0x88, (m) => m.push(true));
at(0x89, (m) => m.push(false));

at('I', (m) => m.decimal());
at('L', (m) => m.decimal());
at('J', (m) => m.push(m.cursor.int32()));
at('K', (m) => m.push(m.cursor.uint8()));
at('M', (m) => m.push(m.cursor.uint16()));
at(0x8a, (m) => m.long(m.cursor.uint8()));
at(0x8b, (m) => m.long(m.cursor.uint32()));
at('F', (m) => m.float());
at('G', (m) => m.push(m.cursor.float64()));

at('S', (m) => m.push(quoted(m, m.cursor.line())));
at('T', (m) => m.push(m.cursor.latin1(m.cursor.uint32())));
at('U', (m) => m.push(m.cursor.latin1(m.cursor.uint8())));
at('V', (m) => m.push(escaped(m.cursor.line())));
at('X', (m) => m.push(m.cursor.text(m.cursor.uint32())));
at(0x8c, (m) => m.push(m.cursor.text(m.cursor.uint8())));
at(0x8d, (m) => m.push(m.cursor.text(m.cursor.uint64())));
at('B', (m) => m.push(m.cursor.raw(m.cursor.uint32())));
at('C', (m) => m.push(m.cursor.raw(m.cursor.uint8())));
at(0x8e, (m) => m.push(m.cursor.raw(m.cursor.uint64())));
at(0x96, (m) => m.push(m.cursor.raw(m.cursor.uint64())));

at(']', (m) => m.pushNew([], 4));
at('l', (m) => m.pushNew(m.popMark(), 4));
at('a', (m) => {
  const value = m.pop();
  m.append([value]);
});
at('e', (m) => m.append(m.popMark()));
at(')', (m) => m.push(new Tuple([])));
at('t', (m) => m.push(new Tuple(m.popMark())));
at(0x85, (m) => m.popTuple(1));
at(0x86, (m) => m.popTuple(2));
at(0x87, (m) => m.popTuple(3));
at('}', (m) => m.pushNew(new Map(), 16));
at('d', (m) => {
  const pairs = m.popMark();
  m.pushNew(new Map(), 16);
  m.setItems(pairs);
});
at('s', (m) => {
  const value = m.pop();
  const key = m.pop();
  m.setItems([key, value]);
});
at('u', (m) => m.setItems(m.popMark()));
at(0x8f, (m) => m.pushNew(new Set(), 16));
at(0x90, (m) => m.addItems(m.popMark()));
at(0x91, (m) => m.pushNew(new Set(m.popMark()), 16));

at('c', (m) => {
  const module = m.cursor.line();
  m.global(module, m.cursor.line());
});
at(0x93, (m) => {
  const name = m.pop();
  m.global(m.pop(), name);
});
at('R', (m) => m.reduce());
at(0x81, (m) => m.reduce()); // a class and its arguments: the same
at('b', (m) => m.build());
at('Q', (m) => m.persistent());

at('p', (m) => m.put(m.place()));
at('q', (m) => m.put(m.cursor.uint8()));
at('r', (m) => m.put(m.cursor.uint32()));
at(0x94, (m) => m.memoize());
at('g', (m) => m.get(m.place()));
at('h', (m) => m.get(m.cursor.uint8()));
at('j', (m) => m.get(m.cursor.uint32()));

at('P', refuse('an object by a name in text'));
at('i', refuse('to make an object of a class (INST)'));
at('o', refuse('to make an object of a class (OBJ)'));
at(0x82, refuse('an object of the copyreg registry'));
at(0x83, refuse('an object of the copyreg registry'));
at(0x84, refuse('an object of the copyreg registry'));
at(0x92, refuse('to make an object of a class (NEWOBJ_EX)'));
at(0x97, refuse('a buffer outside of the file'));
at(0x98, refuse('a buffer outside of the file'));
