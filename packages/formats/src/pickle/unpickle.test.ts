import { FormatError } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { TORCH_CONSTRUCTORS } from '../torch/torch-constructors';
import { ByteCursor, EndOfBytes } from './byte-cursor';
import { OrderedDict, Tuple } from './python-values';
import { unpickle } from './unpickle';

/** A pickle from opcodes as text and bytes as numbers. */
function pickle(...parts: (string | number)[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  return Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...encoder.encode(part)])));
}

function read(...parts: (string | number)[]): unknown {
  return unpickle(new ByteCursor('a.pkl', pickle(...parts)), { constructors: TORCH_CONSTRUCTORS });
}

describe('values', () => {
  test.each<[string, (string | number)[], unknown]>([
    ['none', ['N.'], null],
    ['booleans', [0x88, '.'], true],
    ['booleans of protocol 0', ['I01\n.'], true],
    ['a decimal', ['I-12\n.'], -12],
    ['a long decimal', ['L123L\n.'], 123],
    ['a byte', ['K', 255, '.'], 255],
    ['two bytes', ['M', 1, 2, '.'], 513],
    ['four bytes', ['J', 254, 255, 255, 255, '.'], -2],
    ['a long', [0x8a, 2, 0, 0x80, '.'], -32768],
    ['a long of nothing', [0x8a, 0, '.'], 0],
    ['a long beyond numbers', [0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, '.'], 2n ** 64n],
    ['a double', ['G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, '.'], 1.5],
    ['a float in text', ['F-1.5e3\n.'], -1500],
    ['infinity in text', ['F-inf\n.'], Number.NEGATIVE_INFINITY],
    ['text in quotes', ["S'a\\n\\x41\\''\n."], "a\nA'"],
    ['text of Python 2', ['U', 2, 'ab.'], 'ab'],
    ['unicode of protocol 0', ['Va\\u00e9\n.'], 'aé'],
    ['unicode', ['X', 2, 0, 0, 0, 0xc3, 0xa9, '.'], 'é'],
    ['bytes', ['C', 2, 0, 255, '.'], Uint8Array.of(0, 255)],
    ['a list', ['](K', 1, 'K', 2, 'e', 'K', 3, 'a.'], [1, 2, 3]],
    ['a list from a mark', ['(K', 1, 'l.'], [1]],
    ['tuples', ['K', 1, 'K', 2, 0x86, '.'], new Tuple([1, 2])],
    [
      'a dictionary',
      ['}(K', 1, 'K', 2, 'u', 'K', 3, 'N', 's.'],
      new Map<unknown, unknown>([
        [1, 2],
        [3, null],
      ]),
    ],
    ['a dictionary from a mark', ['(K', 1, 'K', 2, 'd.'], new Map([[1, 2]])],
    ['sets', [0x8f, '(K', 1, 0x90, '.'], new Set([1])],
    ['the memo', [']q', 7, 'K', 1, 'a0h', 7, '.'], [1]],
    ['the memo of protocol 4', [']', 0x94, '0h', 0, '.'], []],
    ['what is dropped', ['K', 1, '(K', 2, '10K', 3, '.'], 3],
    ['what is doubled', ['K', 1, '2', 0x86, '.'], new Tuple([1, 1])],
    ['a frame', [0x80, 4, 0x95, 2, 0, 0, 0, 0, 0, 0, 0, 'K', 1, '.'], 1],
    ['an ordered dictionary', ['ccollections\nOrderedDict\n)R.'], new OrderedDict()],
    [
      'an ordered dictionary of pairs',
      ['ccollections\nOrderedDict\n](](K', 1, 'K', 2, 'ee', 0x85, 'R.'],
      new OrderedDict([[1, 2]]),
    ],
  ])('%s', (_, parts, value) => expect(read(...parts)).toEqual(value));
});

describe('refused by name, before anything is called', () => {
  test.each<[string, (string | number)[], string]>([
    ['a shell command', ['cos\nsystem\n(S"touch /tmp/owned"\ntR.'], 'os.system'],
    ['posix', ['cposix\nsystem\n(Vid\ntR.'], 'posix.system'],
    ['eval', ['c__builtin__\neval\n(V1\ntR.'], '__builtin__.eval'],
    [
      'eval of Python 3',
      [0x80, 4, 0x8c, 8, 'builtins', 0x8c, 4, 'eval', 0x93, 0x8c, 1, '1', 0x85, 'R.'],
      'builtins.eval',
    ],
    ['getattr', ['cbuiltins\ngetattr\n.'], 'builtins.getattr'],
    ['a module of torch', ['ctorch.nn.modules.conv\nConv2d\n)', 0x81, '}b.'], 'torch.nn.modules.conv.Conv2d'],
    ['torch.load', ['ctorch\nload\n.'], 'torch.load'],
    ['a quantised tensor', ['ctorch._utils\n_rebuild_qtensor\n.'], 'torch._utils._rebuild_qtensor'],
    ['numpy in a checkpoint', ['cnumpy.core.multiarray\nscalar\n.'], 'numpy.core.multiarray.scalar'],
    ['a name with dots', ['ccollections\nOrderedDict.fromkeys\n.'], 'collections.OrderedDict.fromkeys'],
    ['the prototype', ['c__proto__\nconstructor\n.'], '__proto__.constructor'],
    ['INST', ['(S"ls"\nios\nsystem\n.'], 'to make an object of a class (INST)'],
    ['OBJ', ['(cos\nsystem\no.'], 'os.system'],
    ['OBJ without a name', ['(o.'], '(OBJ)'],
    ['NEWOBJ_EX', [')}', 0x92, '.'], '(NEWOBJ_EX)'],
    ['the registry of extensions', [0x82, 1, '.'], 'copyreg'],
    ['an id in text', ['Pabc\n.'], 'an object by a name in text'],
    ['a buffer from outside', [0x97, '.'], 'a buffer outside of the file'],
    ['a state for a list', [']}b.'], 'to set the state'],
  ])('%s', (_, parts, name) => {
    let error: unknown;
    try {
      read(...parts);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(`got one that wants ${name.startsWith('(') ? '' : ''}`);
    expect((error as Error).message).toContain(name);
    expect((error as Error).message).toContain('Nothing was executed');
  });
});

describe('damaged', () => {
  test.each<[string, (string | number)[], RegExp]>([
    ['an unknown instruction', [0xff], /a pickle instruction, got 0xff at 0/],
    ['an empty stack', ['.'], /a value on the stack/],
    ['a tuple of too few', ['K', 1, 0x86, '.'], /a value on the stack/],
    ['no mark', ['K', 1, 't.'], /a mark on the stack/],
    ['a mark as a value', ['(.'], /a value on the stack/],
    ['an append to nothing', ['K', 1, 'K', 2, 'a.'], /a list to append to, got number/],
    ['items for a list', [']K', 1, 'K', 2, 's.'], /a dictionary to fill/],
    ['an odd number of items', ['}(K', 1, 'u.'], /a dictionary to fill/],
    ['an empty memo', ['h', 3, '.'], /value 3 in the memo/],
    ['a place that is no number', ['gx\n.'], /a place in the memo/],
    ['a call of a number', ['K', 1, ')R.'], /a function and its arguments/],
    ['a call without a tuple', ['ccollections\nOrderedDict\nK', 1, 'R.'], /a function and its arguments/],
    ['a storage called', ['ctorch\nFloatStorage\n)R.'], /arguments that torch\.FloatStorage takes/],
    ['a tensor without a storage', ['ctorch._utils\n_rebuild_tensor\n(K', 1, 'K', 0, '))tR.'], /_rebuild_tensor takes/],
    ['an ordered dictionary of numbers', ['ccollections\nOrderedDict\n](K', 1, 'e', 0x85, 'R.'], /OrderedDict takes/],
    ['an id of nothing', ['N', 'Q.'], /the id of a storage/],
    ['protocol 6', [0x80, 6, 'N.'], /protocol 0 to 5/],
    ['a number of 1000 digits', [`I${'9'.repeat(1000)}\n.`], /a whole number/],
    ['a number of a gigabyte', [0x8b, 0, 0, 0, 0x40, 'x'], /a number of at most 256 bytes/],
    ['words for a number', ['Fabc\n.'], /a number, got 'abc'/],
    ['text without quotes', ['Sabc\n.'], /text in quotes/],
    ['text that is no UTF-8', ['X', 1, 0, 0, 0, 0xff, '.'], /text in UTF-8/],
  ])('%s', (_, parts, message) => {
    expect(() => read(...parts)).toThrow(FormatError);
    expect(() => read(...parts)).toThrow(message);
  });

  test('an end too early asks for more', () => {
    for (const parts of [
      [],
      ['K'],
      ['X', 255, 255, 255, 255, 'abc'],
      [0x8e, 255, 255, 255, 255, 255, 255, 255, 255],
      ['cos'],
    ]) {
      expect(() => read(...parts)).toThrow(EndOfBytes);
    }
  });

  test('a pickle that goes on for ever, and one whose calls multiply', () => {
    const endless = new Uint8Array(9_000_000).fill('}'.charCodeAt(0));
    const constructors = TORCH_CONSTRUCTORS;
    expect(() => unpickle(new ByteCursor('a', endless), { constructors })).toThrow('at most 8000000 steps');
    const list = pickle('](', ...new Array(20_000).fill('N'), 'eq', 1, '0');
    const calls = new Array(2000).fill(pickle('ctorch\nSize\nh', 1, 0x85, 'R0')).map((call) => [...call]);
    const bytes = Uint8Array.from([...list, ...calls.flat()]);
    expect(() => unpickle(new ByteCursor('a', bytes), { constructors })).toThrow(FormatError);
  });
});
