import { matchShape } from './check-shape';
import { ShapeError, ValueError } from './errors';
import { numberValues } from './host-values';
import { argmax } from './kernels/argmax';
import { IGNORE } from './labels';
import { type HostTensor, hostTensor, type TensorLike } from './tensor-like';

export interface ArgmaxLabelsOptions {
  /**
   * The class indices, from 1, that the channels after the background belong to: channel i is `classes[i − 1]`.
   * @default the channels' own numbers
   */
  classes?: readonly number[];
}

/**
 * The label map of score maps: for each pixel the class whose map is largest, the first one of equals.
 *
 * @param maps Background first, of any scale, no NaN; shape `[h, w, K]`, K from 1 to 255.
 * @returns Class indices, 0 for background, shape `[h, w]`.
 * @throws {ShapeError} if `maps` is of another rank, or K is out of range.
 * @throws {ValueError} if `classes` is not K − 1 different whole numbers in 1..254, or a value is NaN.
 */
export async function argmaxLabels(
  maps: TensorLike,
  { classes }: ArgmaxLabelsOptions = {},
): Promise<HostTensor<Uint8Array>> {
  const { h, w, K } = matchShape('argmaxLabels', 'maps', maps.shape, ['h', 'w', 'K']);
  if (K < 1 || K > IGNORE) {
    const hint = `A label is a byte, and ${IGNORE} means "ignore".`;
    throw new ShapeError('argmaxLabels', 'maps', ['h', 'w', `1..${IGNORE}`], maps.shape, hint);
  }
  if (classes) checkClasses(classes, K);
  const labels = argmax(await numberValues('argmaxLabels', 'maps', maps), K);
  if (classes) for (let i = 0; i < labels.length; i++) if (labels[i]! > 0) labels[i] = classes[labels[i]! - 1]!;
  return hostTensor(labels, [h, w]);
}

function checkClasses(classes: readonly number[], K: number): void {
  const refuse = (expected: string, hint: string) => {
    throw new ValueError('argmaxLabels', 'classes', expected, classes, hint);
  };
  if (classes.length !== K - 1) {
    refuse(`to name ${K - 1} classes, one per channel after the first`, 'Channel 0 is the background; is it missing?');
  }
  if (!classes.every((c) => Number.isInteger(c) && c >= 1 && c < IGNORE)) {
    refuse(`to hold whole numbers in 1..${IGNORE - 1}`, 'Class indices start from 1; 0 is the background.');
  }
  if (new Set(classes).size !== classes.length) refuse('to name each class once', 'One class has one channel.');
}
