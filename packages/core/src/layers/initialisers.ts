import { ValueError } from '../errors';
import type { Random } from '../random';

/**
 * Makes the first values of a parameter.
 *
 * @param shape A filter `[kh, kw, I / groups, O]`, a matrix `[F, C]` or a vector `[C]`.
 */
export type Initialiser = (shape: readonly number[], stream: Random) => Float32Array;

type Fan = 'in' | 'out';

/**
 * Normal with standard deviation √2 / √fan: torch's `kaiming_normal_` for ReLU.
 *
 * @param options.fan Values are counted per output (`'in'`, torch's default) or per input (`'out'`, torchvision's
 *   ResNet and MobileNet).
 *
 * Source: He et al., "Delving deep into rectifiers", ICCV 2015, equation 10.
 */
export function kaimingNormal({ fan = 'in' }: { fan?: Fan } = {}): Initialiser {
  return (shape, stream) => fill(shape, normals(stream, Math.sqrt(2 / fans('kaimingNormal', shape)[fan])));
}

/**
 * Uniform in ±√(6 / ((1 + a²) · fan)): torch's `kaiming_uniform_` for a leaky ReLU of slope a. The default
 * a = √5, fan in is what torch's Conv2d and Linear start with: ±1 / √fan.
 *
 * Source: He et al., ICCV 2015; torch.nn.Conv2d for the default.
 */
export function kaimingUniform({ a = Math.sqrt(5), fan = 'in' }: { a?: number; fan?: Fan } = {}): Initialiser {
  return (shape, stream) => {
    const bound = Math.sqrt(6 / ((1 + a * a) * fans('kaimingUniform', shape)[fan]));
    return fill(shape, () => stream.uniform(-bound, bound));
  };
}

/**
 * Uniform in ±gain · √(6 / (fan in + fan out)): torch's `xavier_uniform_`.
 *
 * Source: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010,
 * equation 16.
 */
export function xavierUniform({ gain = 1 }: { gain?: number } = {}): Initialiser {
  return (shape, stream) => {
    const sizes = fans('xavierUniform', shape);
    const bound = gain * Math.sqrt(6 / (sizes.in + sizes.out));
    return fill(shape, () => stream.uniform(-bound, bound));
  };
}

/** Normal with mean 0 and the given standard deviation: torch's `normal_`. */
export function normalValues(deviation: number): Initialiser {
  return (shape, stream) => fill(shape, normals(stream, deviation));
}

/**
 * Uniform in ±bound, for a bias: torch's Conv2d and Linear start with ±1 / √fan in of their weight.
 */
export function uniformValues(bound: number): Initialiser {
  return (shape, stream) => fill(shape, () => stream.uniform(-bound, bound));
}

/** The same value everywhere. */
export function constantValue(value: number): Initialiser {
  return (shape) => new Float32Array(size(shape)).fill(value);
}

/** torch's counts for a filter `[kh, kw, I / groups, O]` or a matrix `[F, C]`. */
function fans(where: string, shape: readonly number[]): Record<Fan, number> {
  if (shape.length < 2 || size(shape) === 0) {
    throw new ValueError(where, 'shape', 'to be that of a filter [kh, kw, I, O] or of a matrix [F, C]', shape);
  }
  const window = size(shape.slice(0, -2));
  return { in: window * shape.at(-2)!, out: window * shape.at(-1)! };
}

function fill(shape: readonly number[], next: () => number): Float32Array {
  const values = new Float32Array(size(shape));
  for (let i = 0; i < values.length; i++) values[i] = next();
  return values;
}

const normals = (stream: Random, deviation: number) => () => deviation * stream.normal();

const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
