/** The text of src/generated/crf-wasm.ts. */
export function generate(): Promise<string>;
