import { type Tensor4D, tensor4d, valueAndGrad } from '@tensorflow/tfjs-core';
import * as host from '@wsss/core';
import { hostTensor, IMAGENET_PREPROCESS, normalizeImage, resizeBicubic } from '@wsss/core';
import * as tensors from '@wsss/core/tensor';
import { EXACT, type GoldenRun, item, nhwc, type ReferenceTensor } from '@wsss/testing';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';

type Size = [number, number];

// index.json, kind h: 1e-5, absolute and of the largest value; Pillow's bytes are equal.
const suggested = { abs: 1e-5, rel: 1e-5 };

/** The modes of torch's `interpolate` as they are filed. */
const modes = {
  ac1: {
    host: (map: host.TensorLike, size: Size) => host.resizeBilinear(map, size, { alignCorners: true }),
    tensor: (maps: Tensor4D, size: Size) => tensors.resizeBilinear(maps, size, { alignCorners: true }),
  },
  ac0: {
    host: (map: host.TensorLike, size: Size) => host.resizeBilinear(map, size, { alignCorners: false }),
    tensor: (maps: Tensor4D, size: Size) => tensors.resizeBilinear(maps, size, { alignCorners: false }),
  },
  nearest: {
    host: (map: host.TensorLike, size: Size) => host.resizeNearest(map, size),
    tensor: (maps: Tensor4D, size: Size) => tensors.resizeNearest(maps, size),
  },
};

goldenKind('sipe/h', async (run) => {
  for (const [, i] of run.names(/^x(\d+)$/)) await checkInterpolate(run, i!);
  for (const [name, i] of run.names(/^img(\d+)$/)) {
    const image = run.input<Uint8Array>(name);
    const [, , height, width] = run.parameter<number[][]>('sizes')![Number(i)] as [number, number, number, number];
    await run.compare(`bicubic${i}`, await resizeBicubic(image, [height, width]), { tolerance: EXACT });
    if (!run.has(`normalised${i}`)) continue;
    const normalised = await normalizeImage(image, IMAGENET_PREPROCESS);
    await run.compare(`normalised${i}`, normalised, { tolerance: run.suggested ?? suggested });
  }
});

async function checkInterpolate(run: GoldenRun, i: string): Promise<void> {
  const tolerance = run.suggested ?? suggested;
  const maps = nhwc(run.input(`x${i}`));
  const upstream = nhwc(run.input(`r${i}`));
  const [, , height, width] = run.parameter<number[][]>('sizes_h_w_H_W')![Number(i)] as [
    number,
    number,
    number,
    number,
  ];
  const size: Size = [height, width];
  for (const [mode, resize] of Object.entries(modes)) {
    if (!run.has(`y${i}_${mode}`)) continue;
    await run.compare(`y${i}_${mode}`, await eachMap(maps, (map) => resize.host(map, size)), {
      tolerance,
      layout: nhwc,
      via: 'host',
    });
    await onEachBackend(async (via) => {
      const { value, grad } = valueAndGrad((x) => resize.tensor(x as Tensor4D, size))(
        tensor4d(maps.values, maps.shape as Tensor4D['shape']),
        tensor4d(upstream.values, upstream.shape as Tensor4D['shape']),
      );
      await run.compare(`y${i}_${mode}`, value, { tolerance, layout: nhwc, via });
      await run.compare(`g${i}_${mode}`, grad, { tolerance, layout: nhwc, via });
    });
  }
}

/** The host's functions take one map at a time. */
async function eachMap(
  maps: ReferenceTensor<Float32Array>,
  resize: (map: host.TensorLike) => Promise<{ values: ArrayLike<number>; shape: readonly number[] }>,
) {
  const count = maps.shape[0]!;
  const results = await Promise.all(Array.from({ length: count }, (_, n) => resize(item(maps, n))));
  const values = Float32Array.from(results.flatMap((result) => Array.from(result.values)));
  return hostTensor(values, [count, ...results[0]!.shape]);
}
