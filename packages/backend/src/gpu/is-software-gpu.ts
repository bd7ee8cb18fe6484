/** SwiftShader, Mesa's and Microsoft's rasterisers, Apple's: they compute on the processor, slower than WebAssembly. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|subzero|basic render|\bwarp\b|software/i;

/** Whether a driver's words name one that computes on the processor. */
export function isSoftwareGpu(...words: readonly (string | undefined)[]): boolean {
  return words.some((text) => text !== undefined && SOFTWARE.test(text));
}
