import {
  type FeatureFunction,
  type Features,
  hostTensor,
  IMAGENET_PREPROCESS,
  normalizeImage,
  type Preprocess,
  ShapeError,
  ValueError,
} from '@wsss/core';

/** What ONNX Runtime takes and gives: values with a shape. */
export interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** The part of ONNX Runtime's `InferenceSession` that is used; `onnxruntime-node` and `onnxruntime-web` have it. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  // ONNX Runtime's own types for tensors are classes; any object with their data is one to the runtime.
  // biome-ignore lint/suspicious/noExplicitAny: its parameter is a union of those classes
  run(feeds: Record<string, any>): Promise<Record<string, OnnxTensor>>;
}

export interface OnnxFeaturesOptions {
  /** The model's input. @default its only one */
  input?: string;
  /** The outputs to return, under their names or under others: `['layer4']` or `{ layer4: 'output_17' }`. @default all */
  taps?: readonly string[] | Readonly<Record<string, string>>;
  /** How the model wants its images. @default core's `IMAGENET_PREPROCESS` */
  preprocess?: Preprocess;
  /** Order of the model's axes: torch exports `'nchw'`, TensorFlow `'nhwc'`. @default 'nchw' */
  layout?: 'nchw' | 'nhwc';
}

/**
 * Features from an `.onnx` model: makes a session of ONNX Runtime a function of one photo, `[h, w, 3]` in 0..255 →
 * tap → `[h', w', F]`. The model must take one image of any size, float32 `[1, 3, h, w]`.
 *
 * ONNX Runtime is not part of this package: install `onnxruntime-node` or `onnxruntime-web` and make the session.
 * Of the model the outputs that are maps can be taps; export it with the layers you want as outputs.
 *
 * @throws {ValueError} if the session has no such input or output.
 *
 * @example
 * import { InferenceSession } from 'onnxruntime-node';
 * const features = onnxFeatures(await InferenceSession.create('resnet50.onnx'), { taps: ['layer4'] });
 */
export function onnxFeatures(session: OnnxSession, options: OnnxFeaturesOptions = {}): FeatureFunction {
  const { preprocess = IMAGENET_PREPROCESS, layout = 'nchw' } = options;
  if (typeof session?.run !== 'function') {
    const hint = 'Make one: await InferenceSession.create(model), with onnxruntime-node or onnxruntime-web installed.';
    throw new ValueError('onnxFeatures', 'session', 'to be a session of ONNX Runtime', session, hint);
  }
  if (layout !== 'nchw' && layout !== 'nhwc') {
    throw new ValueError('onnxFeatures', 'layout', "to be 'nchw' or 'nhwc'", layout);
  }
  const input = inputOf(session, options.input);
  const taps = tapsOf(session, options.taps);
  return async (image) => {
    const { values, shape } = await normalizeImage(image, preprocess);
    const [h, w] = shape as [number, number];
    const feed = {
      type: 'float32',
      location: 'cpu',
      data: layout === 'nchw' ? planes(values, h * w, 3) : values,
      dims: layout === 'nchw' ? [1, 3, h, w] : [1, h, w, 3],
    };
    const outputs = await session.run({ [input]: feed });
    const features: Features = {};
    for (const [tap, output] of taps) features[tap] = mapOf(output, outputs[output], layout);
    return features;
  };
}

function inputOf({ inputNames }: OnnxSession, asked: string | undefined): string {
  const input = asked ?? inputNames[0];
  if (input === undefined || !inputNames.includes(input) || (asked === undefined && inputNames.length > 1)) {
    throw new ValueError('onnxFeatures', 'input', `to be one of the model's, ${inputNames.join(', ')}`, asked);
  }
  return input;
}

function tapsOf({ outputNames }: OnnxSession, asked: OnnxFeaturesOptions['taps']): [tap: string, output: string][] {
  const taps = Array.isArray(asked)
    ? asked.map((name): [string, string] => [name, name])
    : Object.entries((asked ?? Object.fromEntries(outputNames.map((name) => [name, name]))) as Record<string, string>);
  for (const [, output] of taps) {
    if (!outputNames.includes(output)) {
      throw new ValueError('onnxFeatures', 'taps', `to name outputs of the model, ${outputNames.join(', ')}`, output);
    }
  }
  return taps;
}

function mapOf(name: string, output: OnnxTensor | undefined, layout: 'nchw' | 'nhwc') {
  const dims = output?.dims.map(Number);
  if (dims?.length !== 4 || dims[0] !== 1) {
    const hint = 'Only outputs that are maps can be taps: name them in { taps }.';
    throw new ShapeError(
      'onnxFeatures',
      `output '${name}'`,
      layout === 'nchw' ? [1, 'F', 'h', 'w'] : [1, 'h', 'w', 'F'],
      dims,
      hint,
    );
  }
  const { data, type } = output!;
  if (!(data instanceof Float32Array)) {
    throw new ValueError(
      'onnxFeatures',
      `output '${name}'`,
      'to hold float32 values',
      type,
      'Export the model in float32.',
    );
  }
  if (layout === 'nhwc') return hostTensor(data.slice(), dims.slice(1));
  const [, F, h, w] = dims as [number, number, number, number];
  return hostTensor(interleaved(data, h * w, F), [h, w, F]);
}

/** `[cells, channels]` → `[channels, cells]`. */
function planes(values: Float32Array, cells: number, channels: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < cells; i++) for (let c = 0; c < channels; c++) result[c * cells + i] = values[i * channels + c]!;
  return result;
}

/** `[channels, cells]` → `[cells, channels]`. */
function interleaved(values: Float32Array, cells: number, channels: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let c = 0; c < channels; c++) for (let i = 0; i < cells; i++) result[i * channels + c] = values[c * cells + i]!;
  return result;
}
