/** The text of src/generated/kernels-wasm.ts. */
export function generate(): Promise<string>;
