import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type KernelAttributes, type KernelInputs, presentTensors } from './kernel-work';

const MOST = 4;

const dimensions = ({ shape }: TensorInfo): string => (shape.length === 0 ? 'scalar' : shape.join('×'));

/** Shapes of a call and what else its time depends on: `4×32×32×256, 3×3×256×256 → 4×16×16×256, stride 2`. */
export function describeCall(
  inputs: KernelInputs,
  attributes: KernelAttributes,
  outputs: readonly TensorInfo[],
): string {
  const given = listed(presentTensors(inputs));
  return [`${given} → ${listed(outputs)}`, ...settings(attributes)].filter((part) => part !== '').join(', ');
}

function listed(tensors: readonly TensorInfo[]): string {
  const rest = tensors.length - MOST;
  return [...tensors.slice(0, MOST).map(dimensions), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

function settings({ strides, dilations, transposeA, transposeB, perm, activation }: KernelAttributes): string[] {
  return [
    other('stride', strides),
    other('dilation', dilations),
    transposeA ? 'A transposed' : '',
    transposeB ? 'B transposed' : '',
    Array.isArray(perm) ? `by ${perm.join(' ')}` : '',
    typeof activation === 'string' && activation !== 'linear' ? activation : '',
  ];
}

/** A stride or dilation, unless it is 1. */
function other(name: string, value: unknown): string {
  const sizes = (Array.isArray(value) ? value : [value]).filter((n): n is number => typeof n === 'number');
  if (sizes.every((n) => n === 1)) return '';
  return `${name} ${[...new Set(sizes)].length === 1 ? sizes[0] : sizes.join('×')}`;
}
