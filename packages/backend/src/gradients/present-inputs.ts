/**
 * Names of inputs to keep, some of which may be absent (the scale of a batch norm). TensorFlow.js maps the names to
 * tensors and copies each, and fails on one that is not there; this list leaves it out.
 */
export class PresentInputs extends Array<string> {
  override map<U>(pick: (name: string, index: number, names: string[]) => U): U[] {
    return Array.from(this, (name, i) => pick(name, i, this)).filter((input) => input != null);
  }
}
