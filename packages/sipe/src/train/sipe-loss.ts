import { mul, type Scalar, type Tensor, type Tensor4D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { hostTensor, ValueError } from '@wsss/core';
import { type ForwardOptions, floatTensor } from '@wsss/core/tensor';
import { multilabelSoftMarginLoss } from '@wsss/train';
import { validMask } from '../kernels/valid-mask';
import type { OverlapOptions } from '../seed-options';
import type { SipeForward, SipeNet } from '../sipe-net';
import { type Exploration, explorePrototypes } from '../tensor/explore-prototypes';
import { gscLoss } from '../tensor/gsc-loss';
import { checkBatchOf, type SipeBatch } from './sipe-batch';

/** The terms of SIPE's loss, which is their sum. */
export type SipeLosses = Record<'classification' | 'consistency', Scalar>;

export interface SipeLossOptions extends OverlapOptions, Pick<ForwardOptions, 'seed' | 'onLayer'> {
  /** λ of the consistency. @default 1 */
  readonly consistencyWeight?: number;
  /** Called with what the network gave and with every step of the exploration. The tensors are only lent. */
  readonly onExploration?: (forward: SipeForward, exploration: Exploration) => void;
}

/**
 * SIPE's loss on a batch: multilabel soft margin of the scores, and λ times the consistency of CAM and IS-CAM, both over
 * all of the batch. Seeds come from the structure tap; absent classes and padding are masked.
 *
 * @param network The released ResNet-50 or any other.
 * @param batch Images with their labels, and where in them the photos are.
 * @returns Named terms, as `fit` of `@wsss/train` takes them.
 * @throws {ShapeError} if shapes disagree.
 * @throws {ValueError} if an option is out of range.
 *
 * Source: Chen et al., SIPE (CVPR 2022), the overall loss; the released `train.py`, λ = 1.
 */
export function sipeLoss(
  network: SipeNet,
  batch: SipeBatch,
  { consistencyWeight = 1, onExploration, seed, onLayer, ...options }: SipeLossOptions = {},
): SipeLosses {
  const where = 'sipeLoss';
  const { n, h, w } = checkBatchOf(where, batch, network.classes);
  if (!(consistencyWeight >= 0 && Number.isFinite(consistencyWeight))) {
    throw new ValueError(where, 'consistencyWeight', 'to be at least 0', consistencyWeight);
  }
  const { labels, boxes = Array.from({ length: n }, () => ({ top: 0, left: 0, height: h, width: w })) } = batch;
  return tidy(() => {
    const images = floatTensor(where, 'images', batch.images) as Tensor4D;
    const forward = network.forward(images, {
      training: true,
      ...(seed !== undefined && { seed }),
      ...(onLayer && { onLayer }),
    });
    const { maps, logits, structure, hierarchical } = forward;
    const [, rows, columns] = maps.shape;
    const mask = hostTensor(validMask(boxes, labels.values, [h, w], [rows, columns]), [
      ...[n, rows, columns],
      network.classes + 1,
    ]);
    const explored = explorePrototypes({ maps, structure, prototype: hierarchical }, { ...options, mask });
    onExploration?.(forward, explored);
    const targets: Tensor = tensor2d(Float32Array.from(labels.values), [n, network.classes]);
    return {
      classification: multilabelSoftMarginLoss(logits, targets),
      consistency: mul(gscLoss(explored.cam, explored.isCam), consistencyWeight) as Scalar,
    };
  });
}
