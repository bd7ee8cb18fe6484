import { FormatError } from '@wsss/core';
import { ByteCursor, EndOfBytes } from '../pickle/byte-cursor';
import { type Constructor, unpickle } from '../pickle/unpickle';
import { storageFromBytes } from '../torch/read-legacy';
import { TORCH_CONSTRUCTORS } from '../torch/torch-constructors';
import { numpyConstructors } from './numpy-constructors';
import { NPY_START, parseNpyHeader } from './parse-npy-header';

/** What a pickle that NumPy saved may name: NumPy's arrays, and tensors, which IRN puts among them. */
function constructors(file: string): ReadonlyMap<string, Constructor> {
  return new Map([
    ...TORCH_CONSTRUCTORS,
    ...numpyConstructors(file),
    ['torch.storage._load_from_bytes', storageFromBytes(file)],
  ]);
}

/** The value of a `.npy` file of objects: a dictionary, mostly, such as `cls_labels.npy` or a file of CAMs. */
export function unpickleNpy(file: string, bytes: Uint8Array<ArrayBuffer>): unknown {
  const { type, dataOffset } = parseNpyHeader(file, bytes.subarray(0, NPY_START), bytes.length);
  if (type) {
    const hint = 'It is a single array: readNpy reads it.';
    throw new FormatError(file, 'a dictionary of arrays', 'an array without a name', hint);
  }
  try {
    return unpickle(new ByteCursor(file, bytes, dataOffset), { constructors: constructors(file) });
  } catch (error) {
    if (!(error instanceof EndOfBytes)) throw error;
    throw new FormatError(file, 'a whole pickle', 'a part of one', 'Is the file cut short?');
  }
}
