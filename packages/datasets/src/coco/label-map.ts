import { FormatError, type HostTensor, hostTensor, IGNORE } from '@wsss/core';
import { fillPolygon } from './fill-polygon';
import type { CocoObject, CocoPhoto, CocoRuns } from './parse-coco';
import { fillRuns, parseRuns } from './run-lengths';

/**
 * The class of every pixel, `[h, w]`: 0 where there is no object, 255 where objects of different classes overlap.
 *
 * @throws {FormatError} that names the photo, for a segmentation that is neither polygons nor runs of its size.
 */
export function labelMap(photo: CocoPhoto, file: string, indices: ReadonlyMap<number, number>): HostTensor<Uint8Array> {
  const { height, width } = photo;
  const labels = new Uint8Array(height * width);
  const inside = new Uint8Array(height * width);
  for (const { category, segmentation } of photo.objects) {
    const label = indices.get(category)!;
    inside.fill(0);
    fill(inside, photo, segmentation, file);
    for (let i = 0; i < inside.length; i++) {
      if (inside[i]) labels[i] = labels[i] === 0 || labels[i] === label ? label : IGNORE;
    }
  }
  return hostTensor(labels, [height, width]);
}

function fill(inside: Uint8Array, photo: CocoPhoto, segmentation: CocoObject['segmentation'], file: string): void {
  const { height, width } = photo;
  const refuse = (expected: string, got: unknown) => {
    throw new FormatError(file, `${expected} for ${photo.file}`, got);
  };
  if (isPolygons(segmentation)) {
    for (const polygon of segmentation) {
      if (
        !Array.isArray(polygon) ||
        polygon.length < 6 ||
        polygon.length % 2 !== 0 ||
        !polygon.every(Number.isFinite)
      ) {
        refuse('polygons of at least three points', polygon);
      }
      fillPolygon(inside, height, width, polygon);
    }
    return;
  }
  const { size, counts } = segmentation;
  if (size?.[0] !== height || size[1] !== width) refuse(`runs of size ${height} × ${width}`, size);
  try {
    fillRuns(inside, height, width, typeof counts === 'string' ? parseRuns(counts) : counts);
  } catch (cause) {
    refuse('runs that fill the photo', (cause as Error).message);
  }
}

const isPolygons = (
  segmentation: CocoObject['segmentation'],
): segmentation is Exclude<CocoObject['segmentation'], CocoRuns> => Array.isArray(segmentation);
