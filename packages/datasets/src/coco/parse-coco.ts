import { FormatError } from '@wsss/core';

/** One object of a photo. */
export interface CocoObject {
  readonly category: number;
  /** Polygons, or run lengths as numbers or as text. */
  readonly segmentation: readonly (readonly number[])[] | CocoRuns;
}

export interface CocoRuns {
  readonly size: readonly [height: number, width: number];
  readonly counts: readonly number[] | string;
}

export interface CocoPhoto {
  readonly file: string;
  readonly height: number;
  readonly width: number;
  readonly objects: readonly CocoObject[];
}

/** A file of COCO's instance annotations. */
export interface CocoFile {
  /** Class names in the order of the categories' ids. */
  readonly classes: readonly string[];
  /** The category's id → the index of its class, from 1. */
  readonly indices: ReadonlyMap<number, number>;
  /** By the name of the photo without its ending, in the order of the file. */
  readonly photos: ReadonlyMap<string, CocoPhoto>;
}

/** @throws {FormatError} that names the file: not JSON, without `images`, `annotations` or `categories`, or with ids unknown. */
export function parseCoco(text: string, file: string, stemOf: (path: string) => string): CocoFile {
  const json = parse(text, file);
  const list = (name: string): Record<string, unknown>[] => {
    const found = (json as Record<string, unknown>)[name];
    if (Array.isArray(found) && found.every((each) => typeof each === 'object' && each !== null)) return found;
    throw new FormatError(file, `a list '${name}'`, found, "Is this one of COCO's instances_….json?");
  };
  const categories = list('categories').map((category) => {
    const { id, name } = category;
    if (!Number.isInteger(id) || typeof name !== 'string' || name === '') {
      throw new FormatError(file, 'categories with a whole id and a name', category);
    }
    return { id: id as number, name };
  });
  categories.sort((a, b) => a.id - b.id);
  const classes = categories.map(({ name }) => name);
  const indices = new Map(categories.map(({ id }, i) => [id, i + 1]));
  if (
    classes.length < 1 ||
    classes.length > 254 ||
    new Set(classes).size < classes.length ||
    indices.size < classes.length
  ) {
    throw new FormatError(file, '1 to 254 categories, each id and name once', `${classes.length} categories`);
  }

  const byId = new Map<unknown, CocoPhoto & { objects: CocoObject[] }>();
  const photos = new Map<string, CocoPhoto>();
  for (const image of list('images')) {
    const { id, file_name: name, height, width } = image;
    const sized = [height, width].every((side) => Number.isInteger(side) && (side as number) > 0);
    if (id === undefined || typeof name !== 'string' || !sized) {
      throw new FormatError(file, 'images with id, file_name, height and width', image);
    }
    const photo = { file: name, height: height as number, width: width as number, objects: [] };
    if (byId.has(id) || photos.has(stemOf(name))) throw new FormatError(file, 'each image once', `${name} twice`);
    byId.set(id, photo);
    photos.set(stemOf(name), photo);
  }
  for (const annotation of list('annotations')) {
    const { image_id: image, category_id: category, segmentation } = annotation;
    const photo = byId.get(image);
    if (!photo) throw new FormatError(file, 'annotations of its images', `image_id ${image}`);
    if (!indices.has(category as number))
      throw new FormatError(file, 'annotations of its categories', `category_id ${category}`);
    if (typeof segmentation !== 'object' || segmentation === null) {
      throw new FormatError(file, `a segmentation for every annotation of ${photo.file}`, segmentation);
    }
    photo.objects.push({ category: category as number, segmentation: segmentation as CocoObject['segmentation'] });
  }
  return { classes, indices, photos };
}

function parse(text: string, file: string): object {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new FormatError(file, 'JSON', (cause as Error).message, 'Is the file cut short?'), { cause });
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  throw new FormatError(file, 'an object with images, annotations and categories', json);
}
