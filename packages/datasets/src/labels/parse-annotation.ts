import { FormatError } from '@wsss/core';
import { checkLabels } from './check-labels';

/** The names of the objects of a VOC annotation (XML), the difficult ones included, in the order of the classes. */
export function parseAnnotation(text: string, file: string, classes: readonly string[]): string[] {
  if (!/<annotation[\s>]/.test(text) || !/<\/annotation>\s*$/.test(text)) {
    throw new FormatError(file, 'an <annotation>', 'something else', 'Is the file cut short?');
  }
  const names: string[] = [];
  for (const [, object] of text.matchAll(/<object>([\s\S]*?)<\/object>/g)) {
    // parts (head, hand, foot) have names too
    const name = /<name>\s*([^<]*?)\s*<\/name>/.exec(object!.replace(/<part>[\s\S]*?<\/part>/g, ''))?.[1];
    if (!name) throw new FormatError(file, 'a name for every <object>', 'none');
    names.push(name);
  }
  const known = checkLabels(file, 'its objects', names, classes);
  return classes.filter((name) => known.includes(name));
}
