/** A value in the graph: the name of the node that makes it. */
export type NodeName = string;

/** An attribute of a node, in the JSON of TensorFlow's graphs. */
export type NodeAttribute = Readonly<Record<string, unknown>>;

export interface GraphNode {
  readonly name: NodeName;
  readonly op: string;
  readonly input?: readonly NodeName[];
  readonly attr: Readonly<Record<string, NodeAttribute>>;
}

/** A constant of the graph. */
export interface GraphWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly values: Float32Array | Int32Array;
}

const TYPES = { float32: 'DT_FLOAT', int32: 'DT_INT32' } as const;

const shapeAttribute = (shape: readonly number[]) => ({
  shape: { dim: shape.map((size) => ({ size: String(size) })) },
});

/** Attributes in their JSON: strings are base64, whole numbers strings. */
export const attribute = {
  text: (value: string): NodeAttribute => ({ s: btoa(value) }),
  texts: (values: readonly string[]): NodeAttribute => ({ list: { s: values.map((value) => btoa(value)) } }),
  whole: (value: number): NodeAttribute => ({ i: String(value) }),
  wholes: (values: readonly number[]): NodeAttribute => ({ list: { i: values.map(String) } }),
  truth: (value: boolean): NodeAttribute => ({ b: value }),
  type: (dtype: keyof typeof TYPES): NodeAttribute => ({ type: TYPES[dtype] }),
};

/** Collects the nodes and constants of a graph. */
export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly weights: GraphWeight[] = [];
  readonly #counts = new Map<string, number>();
  readonly #numbers = new Map<string, NodeName>();

  image(name: NodeName, shape: readonly number[]): NodeName {
    const attr = { dtype: attribute.type('float32'), shape: shapeAttribute(shape) };
    this.nodes.push({ name, op: 'Placeholder', attr });
    return name;
  }

  constant(name: NodeName, shape: readonly number[], values: Float32Array | Int32Array): NodeName {
    const dtype = values instanceof Float32Array ? 'float32' : 'int32';
    this.weights.push({ name, shape, dtype, values });
    this.nodes.push({ name, op: 'Const', attr: { dtype: attribute.type(dtype), value: { tensor: {} } } });
    return name;
  }

  /** Whole numbers that an operation takes as an input: an axis, a shape. Equal ones are one node. */
  wholes(values: readonly number[] | number): NodeName {
    const key = JSON.stringify(values);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const list = typeof values === 'number' ? [values] : [...values];
    const shape = typeof values === 'number' ? [] : [list.length];
    const name = this.constant(`numbers_${this.#numbers.size}`, shape, Int32Array.from(list));
    this.#numbers.set(key, name);
    return name;
  }

  /** @param name @default the operation's, numbered */
  node(
    op: string,
    input: readonly NodeName[],
    attr: Readonly<Record<string, NodeAttribute>> = {},
    name?: NodeName,
  ): NodeName {
    const count = this.#counts.get(op) ?? 0;
    this.#counts.set(op, count + 1);
    const made = name ?? `${op.replace(/^_/, '')}_${count}`;
    this.nodes.push({ name: made, op, input, attr: { T: attribute.type('float32'), ...attr } });
    return made;
  }
}
