/** The text of src/generated/sipe-wasm.ts. */
export function generate(): Promise<string>;
