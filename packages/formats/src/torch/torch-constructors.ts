import { ELEMENT_TYPES, type ElementType } from '../element-type';
import { Global, OrderedDict, Tuple, wholeNumbers } from '../pickle/python-values';
import type { Constructor } from '../pickle/unpickle';
import { STORAGE_NAMES, Storage } from './storage';
import { StridedTensor } from './strided-tensor';

/** The element type that a name like `torch.float32` stands for. */
function typeOf(value: unknown): ElementType | undefined {
  const name = value instanceof Global && value.module === 'torch' ? value.name : '';
  return Object.hasOwn(ELEMENT_TYPES, name) ? ELEMENT_TYPES[name as keyof typeof ELEMENT_TYPES] : undefined;
}

function rebuild(args: readonly unknown[], type?: ElementType): StridedTensor | undefined {
  const [storage, offset, size, stride] = args;
  const [shape, strides] = [wholeNumbers(size), wholeNumbers(stride)];
  if (!(storage instanceof Storage) || !Number.isSafeInteger(offset) || (offset as number) < 0) return undefined;
  return shape && strides && new StridedTensor(storage, offset as number, shape, strides, type);
}

const makers: Readonly<Record<string, Constructor>> = {
  // storage, offset, size, stride
  _rebuild_tensor: (args) => (args.length === 4 ? rebuild(args) : undefined),
  // … requires_grad, backward_hooks, metadata
  _rebuild_tensor_v2: (args) => (args.length >= 6 ? rebuild(args) : undefined),
  // … requires_grad, backward_hooks, dtype, metadata
  _rebuild_tensor_v3: (args) => {
    const type = typeOf(args[6]);
    return type && rebuild(args, type);
  },
  // tensor, requires_grad, backward_hooks, state
  _rebuild_parameter: ([tensor]) => (tensor instanceof StridedTensor ? tensor : undefined),
  _rebuild_parameter_with_state: ([tensor]) => (tensor instanceof StridedTensor ? tensor : undefined),
};

/** A tensor with attributes of its own: function, class, arguments, attributes. */
const fromType: Constructor = ([maker, type, args]) => {
  const known = type instanceof Global && ['torch.Tensor', 'torch.nn.parameter.Parameter'].includes(type.path);
  if (!known || !(maker instanceof Global) || maker.module !== 'torch._utils' || !(args instanceof Tuple))
    return undefined;
  return Object.hasOwn(makers, maker.name) ? makers[maker.name]!(args.items) : undefined;
};

/** `OrderedDict()` or `OrderedDict([(key, value), …])`. */
const orderedDict: Constructor = (args) => {
  const [pairs] = args;
  if (args.length === 0) return new OrderedDict();
  if (!Array.isArray(pairs)) return undefined;
  const entries = pairs.map((pair) => (pair instanceof Tuple ? pair.items : pair));
  if (!entries.every((entry) => Array.isArray(entry) && entry.length === 2)) return undefined;
  return new OrderedDict(entries as [unknown, unknown][]);
};

const nothing: Constructor = () => undefined;

/** What a pickle of torch may name: makers of tensors, and names of types. */
export const TORCH_CONSTRUCTORS: ReadonlyMap<string, Constructor> = new Map<string, Constructor>([
  ...Object.entries(makers).map(([name, make]) => [`torch._utils.${name}`, make] as const),
  ['torch._tensor._rebuild_from_type_v2', fromType],
  ['torch.Size', ([sizes]) => (sizes instanceof Tuple ? sizes : undefined)],
  ['torch.device', (args) => args.map(String).join(':')],
  ['collections.OrderedDict', orderedDict],
  ['torch.Tensor', nothing],
  ['torch.nn.parameter.Parameter', nothing],
  ...STORAGE_NAMES.flatMap((name) =>
    ['torch', 'torch.cuda', 'torch.storage'].map((module) => [`${module}.${name}`, nothing] as const),
  ),
  ...Object.keys(ELEMENT_TYPES).map((name) => [`torch.${name}`, nothing] as const),
]);
