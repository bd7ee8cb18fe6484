/** A tuple; a JavaScript array is a list. */
export class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** `collections.OrderedDict`: its attributes are of no use here. */
export class OrderedDict extends Map<unknown, unknown> {}

/** The name of a class or function. It stands for nothing that could be run. */
export class Global {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** Something whose state comes after it was made (numpy's arrays). */
export interface Stateful {
  setState(state: unknown): void;
}

export function isStateful(value: unknown): value is Stateful {
  return typeof (value as Partial<Stateful> | null)?.setState === 'function';
}

/** The whole numbers of a tuple or list, such as a shape; `undefined` if it is anything else. */
export function wholeNumbers(value: unknown): number[] | undefined {
  const items = value instanceof Tuple ? value.items : value;
  if (!Array.isArray(items) || !items.every((item) => Number.isSafeInteger(item) && item >= 0)) return undefined;
  return [...items];
}
