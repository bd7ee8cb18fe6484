/** The text of src/generated/walk-wasm.ts. */
export function generate(): Promise<string>;
