import { ValueError } from '@wsss/core';
import { attribute, type GraphBuilder, type NodeAttribute, type NodeName } from './graph-builder';

type Attributes = Readonly<Record<string, unknown>>;
type Inputs = Readonly<Record<string, NodeName>>;
type Write = (graph: GraphBuilder, inputs: Inputs, attributes: Attributes) => NodeName;
type Padding = 'valid' | 'same' | readonly (readonly [number, number])[];

const OF_ONE: Readonly<Record<string, string>> = {
  Relu: 'Relu',
  Relu6: 'Relu6',
  Rsqrt: 'Rsqrt',
  Sqrt: 'Sqrt',
  Square: 'Square',
  Exp: 'Exp',
  Sigmoid: 'Sigmoid',
  Elu: 'Elu',
  Identity: 'Identity',
  Softmax: 'Softmax',
};
const OF_TWO: Readonly<Record<string, string>> = {
  Add: 'AddV2',
  Sub: 'Sub',
  Multiply: 'Mul',
  RealDiv: 'RealDiv',
  Maximum: 'Maximum',
  Minimum: 'Minimum',
};
const OVER_AXES: Readonly<Record<string, string>> = { Mean: 'Mean', Sum: 'Sum', Max: 'Max' };

/** The nodes of TensorFlow's graphs that do what a kernel of TensorFlow.js does. */
const WRITERS: Readonly<Record<string, Write>> = {
  ...mapValues(
    OF_ONE,
    (op): Write =>
      (graph, inputs) =>
        graph.node(op, Object.values(inputs)),
  ),
  ...mapValues(
    OF_TWO,
    (op): Write =>
      (graph, { a, b }) =>
        graph.node(op, [a!, b!]),
  ),
  ...mapValues(
    OVER_AXES,
    (op): Write =>
      (graph, { x }, { axis, reductionIndices, keepDims = false }) =>
        graph.node(op, [x!, graph.wholes((axis ?? reductionIndices) as number | number[])], {
          keep_dims: attribute.truth(keepDims as boolean),
        }),
  ),
  Conv2D: (graph, { x, filter }, attributes) => graph.node('Conv2D', [x!, filter!], window(attributes)),
  DepthwiseConv2dNative: (graph, { x, filter }, attributes) =>
    graph.node('DepthwiseConv2dNative', [x!, filter!], window(attributes)),
  FusedConv2D: fused('_FusedConv2D', 'Conv2D'),
  FusedDepthwiseConv2D: fused('FusedDepthwiseConv2dNative', 'DepthwiseConv2dNative'),
  MaxPool: (graph, inputs, attributes) => pool('MaxPool', graph, inputs, attributes),
  AvgPool: (graph, inputs, attributes) => pool('AvgPool', graph, inputs, attributes),
  PadV2: (graph, { x }, { paddings, constantValue }) =>
    padded(graph, x!, paddings as [number, number][], constantValue as number),
  Reshape: (graph, { x }, { shape }) => graph.node('Reshape', [x!, graph.wholes(shape as number[])]),
  Transpose: (graph, { x }, { perm }) => graph.node('Transpose', [x!, graph.wholes(perm as number[])]),
  Reverse: (graph, { x }, { dims }) => graph.node('ReverseV2', [x!, graph.wholes(dims as number[])]),
  BatchMatMul: (graph, { a, b }, { transposeA, transposeB }) =>
    graph.node('BatchMatMulV2', [a!, b!], {
      adj_x: attribute.truth(transposeA as boolean),
      adj_y: attribute.truth(transposeB as boolean),
    }),
  Concat: (graph, inputs, { axis }) => {
    const parts = Object.values(inputs);
    return graph.node('ConcatV2', [...parts, graph.wholes(axis as number)], { N: attribute.whole(parts.length) });
  },
  AddN: (graph, inputs) => {
    const parts = Object.values(inputs);
    return graph.node('AddN', parts, { N: attribute.whole(parts.length) });
  },
  ArgMax: (graph, { x }, { axis }) =>
    graph.node('ArgMax', [x!, graph.wholes(axis as number)], { output_type: attribute.type('int32') }),
  Cast: (graph, { x }, { dtype }) => {
    if (dtype !== 'float32' && dtype !== 'int32') throw unknown(`Cast to ${dtype}`);
    return graph.node('Cast', [x!], { DstT: attribute.type(dtype) });
  },
};

/**
 * Writes a kernel down as nodes.
 *
 * @returns The name of the last.
 * @throws {ValueError} for a kernel that is not known here.
 */
export function kernelNodes(graph: GraphBuilder, kernel: string, inputs: Inputs, attributes: Attributes): NodeName {
  const write = WRITERS[kernel];
  if (!write) throw unknown(kernel);
  return write(graph, inputs, attributes);
}

function unknown(kernel: string): ValueError {
  const hint = `Known are ${Object.keys(WRITERS).sort().join(', ')}.`;
  return new ValueError('exportGraphModel', 'network', 'to use kernels that can be written down', kernel, hint);
}

function mapValues(names: Readonly<Record<string, string>>, make: (op: string) => Write): Record<string, Write> {
  return Object.fromEntries(Object.entries(names).map(([kernel, op]) => [kernel, make(op)]));
}

const pair = (value: unknown): [number, number] =>
  Array.isArray(value) ? [value[0] as number, value[1] as number] : [value as number, value as number];

function window({ strides, dilations = 1, pad }: Attributes): Record<string, NodeAttribute> {
  const padding = pad as Padding;
  const around = typeof padding === 'string' ? undefined : padding.flat();
  return {
    strides: attribute.wholes([1, ...pair(strides), 1]),
    dilations: attribute.wholes([1, ...pair(dilations), 1]),
    padding: attribute.text(around ? 'EXPLICIT' : (padding as string).toUpperCase()),
    ...(around && { explicit_paddings: attribute.wholes(around) }),
    data_format: attribute.text('NHWC'),
  };
}

/** With a bias one node, as the kernel is; without one the plain operation, and its activation behind it. */
function fused(together: string, plain: string): Write {
  return (graph, { x, filter, bias, ...others }, attributes) => {
    const { activation } = attributes as { activation: string };
    const op = { linear: undefined, relu: 'Relu', relu6: 'Relu6' }[activation];
    if ((op === undefined && activation !== 'linear') || Object.keys(others).length > 0) {
      throw unknown(`${together} with ${activation}`);
    }
    if (bias !== undefined) {
      return graph.node(together, [x!, filter!, bias], {
        ...window(attributes),
        num_args: attribute.whole(1),
        fused_ops: attribute.texts(op ? ['BiasAdd', op] : ['BiasAdd']),
      });
    }
    const y = graph.node(plain, [x!, filter!], window(attributes));
    return op ? graph.node(op, [y]) : y;
  };
}

function pool(op: 'MaxPool' | 'AvgPool', graph: GraphBuilder, { x }: Inputs, attributes: Attributes): NodeName {
  const { pad, filterSize } = attributes;
  const explicit = Array.isArray(pad);
  if (explicit && op === 'AvgPool') throw unknown('AvgPool with explicit padding');
  // Nothing is larger than what is padded with here.
  const input = explicit ? padded(graph, x!, pad as [number, number][], -3.4028234663852886e38) : x!;
  const { strides, padding, data_format } = window({ ...attributes, pad: explicit ? 'valid' : pad });
  const ksize = attribute.wholes([1, ...pair(filterSize), 1]);
  return graph.node(op, [input], { strides: strides!, padding: padding!, data_format: data_format!, ksize });
}

function padded(graph: GraphBuilder, x: NodeName, paddings: readonly [number, number][], value: number): NodeName {
  const widths = graph.constant(
    `paddings_${graph.nodes.length}`,
    [paddings.length, 2],
    Int32Array.from(paddings.flat()),
  );
  const filling = graph.constant(`filling_${graph.nodes.length}`, [], Float32Array.of(value));
  return graph.node('PadV2', [x, widths, filling]);
}
