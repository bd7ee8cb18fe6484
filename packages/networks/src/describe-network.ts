import { type Tensor, type Tensor4D, tidy, zeros } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import type { Network } from './make-network';

/** A layer as {@link describe} saw it run. */
export interface LayerRow {
  readonly name: string;
  /** Of its output. */
  readonly shape: readonly number[];
  /** Values in its parameters; running statistics are not counted. */
  readonly parameters: number;
  /** Of those, the ones that train. */
  readonly trainable: number;
  /** Multiplications and additions of its convolution or matrix, counted apart: twice the multiply-accumulates. */
  readonly flops: number;
}

export interface NetworkDescription {
  readonly layers: readonly LayerRow[];
  readonly parameters: number;
  readonly trainable: number;
  readonly flops: number;
  /** All of it as a table to print. */
  readonly table: string;
}

/**
 * Runs a network once on an empty image and tells what its layers do: output shapes, parameters, FLOPs.
 *
 * @param options.size Height and width of the image. @default [224, 224]
 * @throws {ValueError} if the size is not two whole numbers ≥ 1.
 *
 * @example
 * console.log(describe(mobilenetV2({ outputStride: 16 }), { size: [321, 321] }).table);
 */
export function describe(
  network: Network,
  { size = [224, 224] }: { size?: readonly [number, number] } = {},
): NetworkDescription {
  if (size.length !== 2 || !size.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    throw new ValueError('describe', 'size', 'to be [height, width]', size);
  }
  const rows: LayerRow[] = [];
  tidy(() => run(network, size, rows));
  const total = (key: 'parameters' | 'trainable' | 'flops') => rows.reduce((sum, row) => sum + row[key], 0);
  const description = {
    layers: rows,
    parameters: total('parameters'),
    trainable: total('trainable'),
    flops: total('flops'),
  };
  return { ...description, table: tableOf(network, size, description) };
}

function run(network: Network, [height, width]: readonly [number, number], rows: LayerRow[]): void {
  const { parameters, architecture } = network;
  const onLayer = (name: string, output: Tensor) => {
    const weight = parameters.get(`${name}.weight`);
    const own = [weight, parameters.get(`${name}.bias`)].filter((each) => each !== undefined);
    const count = (trains: boolean) => own.reduce((sum, v) => sum + (trains && !v.trainable ? 0 : v.size), 0);
    // Every value of a filter [kh, kw, I / groups, O] meets every cell of its output channel once.
    const cells = output.size / output.shape.at(-1)!;
    const matrix = weight && (weight.rank === 4 || weight.rank === 2);
    rows.push({
      name,
      shape: output.shape,
      parameters: count(false),
      trainable: count(true),
      flops: matrix ? 2 * cells * weight.size : 0,
    });
  };
  const image = zeros([1, height, width, 3]) as Tensor4D;
  if (architecture.head) network.logits(image, { onLayer });
  else network.forward(image, { onLayer });
}

function tableOf(
  network: Network,
  [height, width]: readonly [number, number],
  { layers, ...sums }: Omit<NetworkDescription, 'table'>,
): string {
  const cells = [
    ['layer', 'output', 'parameters', 'trainable', 'MFLOPs'],
    ...layers.map((row) => [
      row.name,
      row.shape.slice(1).join('×'),
      row.parameters ? count(row.parameters) : '',
      row.trainable ? count(row.trainable) : '',
      row.flops ? (row.flops / 1e6).toFixed(2) : '',
    ]),
    [
      `${network.architecture.name}, ${height}×${width}`,
      '',
      count(sums.parameters),
      count(sums.trainable),
      (sums.flops / 1e6).toFixed(2),
    ],
  ];
  const widths = cells[0]!.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  const line = (row: string[]) =>
    row
      .map((text, c) => (c < 2 ? text.padEnd(widths[c]!) : text.padStart(widths[c]!)))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(widths.reduce((a, b) => a + b, 2 * (widths.length - 1)));
  const [head, ...body] = cells.map(line);
  return [head, rule, ...body.slice(0, -1), rule, body.at(-1)].join('\n');
}

const count = (n: number) => n.toLocaleString('en');
