import { type DataType, engine, type KernelBackend, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { toWgsl } from './to-wgsl';

/** What a shader computes: every value of the result by itself. */
export interface Shader {
  readonly shape: number[];
  /** @default 'float32' */
  readonly dtype?: DataType;
  /** Whole numbers that it is told, by their names in the code. */
  readonly ints: Readonly<Record<string, number>>;
  /**
   * Sets `value`, which begins as 0.0, to the value at `index`, counted over the flat result. `getNAME(i)` reads the
   * flat input NAME. In GLSL; see {@link toWgsl} for the words.
   */
  readonly code: string;
}

interface WebGpu extends KernelBackend {
  runWebGPUProgram(
    program: object,
    inputs: TensorInfo[],
    dtype: DataType,
    uniforms: { type: 'int32'; data: number[] }[],
  ): TensorInfo;
}

interface WebGl extends KernelBackend {
  runWebGLProgram(program: object, inputs: TensorInfo[], dtype: DataType, uniforms: number[][]): TensorInfo;
}

/** Threads that run together. */
const GROUP = 64;

/** Runs a shader on WebGPU or WebGL. */
export function runShader(
  name: string,
  backend: KernelBackend,
  inputs: Readonly<Record<string, TensorInfo>>,
  shader: Shader,
): TensorInfo {
  const { shape, dtype = 'float32' } = shader;
  const size = util.sizeFromShape(shape);
  // A shader sees lists: the layout of both backends is that of the flat tensor, whatever its shape.
  const flat = Object.values(inputs).map((tensor) => ({ ...tensor, shape: [util.sizeFromShape(tensor.shape)] }));
  const names = Object.keys(inputs).map((input) => `${input}Values`);
  let output: TensorInfo;
  // Names of inputs, such as `filter`, are words of these languages.
  const code = shader.code.replace(/\bget([A-Z]\w*)\(/g, 'get$1Values(');
  const program = { ...shader, code };
  if ('runWebGPUProgram' in backend) {
    const uniforms = Object.values(shader.ints).map((value) => ({ type: 'int32' as const, data: [value] }));
    output = (backend as WebGpu).runWebGPUProgram(webgpuProgram(name, names, size, program), flat, dtype, uniforms);
  } else if ('runWebGLProgram' in backend) {
    const uniforms = Object.values(shader.ints).map((value) => [value]);
    output = (backend as WebGl).runWebGLProgram(webglProgram(names, size, program), flat, dtype, uniforms);
  } else {
    throw new BackendError(engine().backendName, 'it runs no shaders');
  }
  return { ...output, shape };
}

function webgpuProgram(name: string, variableNames: string[], size: number, { ints, code }: Shader): object {
  const numbers = Object.keys(ints);
  return {
    variableNames,
    outputShape: [size],
    shaderKey: `${name}: ${code}`,
    workgroupSize: [GROUP, 1, 1],
    dispatchLayout: { x: [0] },
    dispatch: [Math.ceil(size / GROUP), 1, 1],
    uniforms: numbers.map((number) => `${number} : i32,`).join(' '),
    size: true,
    getUserCode: () => `
      fn main(index : i32) {
        if (index >= uniforms.size) { return; }
        ${numbers.map((number) => `let ${number} = uniforms.${number};`).join('\n')}
        var value : f32 = 0.0;
        ${toWgsl(code)}
        setOutputAtIndex(index, value);
      }`,
  };
}

function webglProgram(variableNames: string[], size: number, { ints, code }: Shader): object {
  return {
    variableNames,
    outputShape: [size],
    customUniforms: Object.keys(ints).map((name) => ({ name, type: 'int' })),
    userCode: `
      void main() {
        int index = getOutputCoords();
        float value = 0.0;
        ${code}
        setOutput(value);
      }`,
  };
}
