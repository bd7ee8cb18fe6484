import { type TensorLike, ValueError } from '@wsss/core';
import type { ElementName } from '../element-type';
import { type GatheredTensor, gatherTensors } from '../gather-tensors';
import { PickleWriter } from '../pickle/pickle-writer';
import { writeZip } from '../zip/write-zip';

/** The storage that torch keeps each dtype in. Unsigned integers of more than 8 bits have none. */
const STORAGES: Readonly<Partial<Record<ElementName, string>>> = {
  float32: 'FloatStorage',
  float64: 'DoubleStorage',
  int8: 'CharStorage',
  int16: 'ShortStorage',
  int32: 'IntStorage',
  int64: 'LongStorage',
  uint8: 'ByteStorage',
  bool: 'BoolStorage',
};

const FOLDER = 'archive';

/**
 * Writes tensors as the bytes of a `.pth` file (the zip of torch 1.6 and later), which `torch.load` reads, with
 * `weights_only=True` too, as an ordered dictionary of contiguous tensors.
 *
 * @param tensors Name → tensor of any backend, or a host tensor: float32, float64, int8 … int64, uint8, bool.
 * @returns The file. `saveBytes(path, bytes)` puts it on disk.
 * @throws {ValueError} for a dtype that torch's files lack, or more than 4 GiB.
 * @throws {ShapeError} for values of another number than the shape says.
 */
export async function writeStateDict(tensors: ReadonlyMap<string, TensorLike>): Promise<Uint8Array<ArrayBuffer>> {
  const gathered = await gatherTensors('writeStateDict', tensors);
  const pickle = new PickleWriter();
  emptyDictionary(pickle).mark();
  for (const [i, tensor] of gathered.entries()) writeTensor(pickle.text(tensor.name), tensor, i);
  pickle.setItems();

  const text = (value: string) => new TextEncoder().encode(value);
  return writeZip('writeStateDict', [
    { name: `${FOLDER}/data.pkl`, bytes: pickle.finish() },
    { name: `${FOLDER}/byteorder`, bytes: text('little') },
    ...gathered.map(({ values }, i) => ({
      name: `${FOLDER}/data/${i}`,
      bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    })),
    { name: `${FOLDER}/version`, bytes: text('3\n') },
  ]);
}

function emptyDictionary(pickle: PickleWriter): PickleWriter {
  return pickle.global('collections', 'OrderedDict').emptyTuple().reduce();
}

/** `torch._utils._rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())` */
function writeTensor(pickle: PickleWriter, { name, dtype, shape, values }: GatheredTensor, index: number): void {
  const storage = STORAGES[dtype];
  if (!storage) {
    const hint = 'writeSafetensors writes it; or convert it.';
    throw new ValueError('writeStateDict', `tensors '${name}'`, 'to be of a dtype that torch stores', dtype, hint);
  }
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((product, n) => product * Math.max(n, 1), 1));
  pickle.global('torch._utils', '_rebuild_tensor_v2').mark();
  pickle.mark().text('storage').global('torch', storage).text(String(index)).text('cpu').integer(values.length);
  pickle.tuple().persistent().integer(0).integers(shape).integers(strides).false();
  emptyDictionary(pickle).tuple().reduce();
}
