import { nodeModule } from '../node-module';
import type { DeflateFormat } from './inflate';

/** Compresses bytes. Which bytes come out may differ between Node and browsers; what they hold does not. */
export async function deflate(
  bytes: Uint8Array<ArrayBuffer>,
  { format }: { readonly format: DeflateFormat },
): Promise<Uint8Array<ArrayBuffer>> {
  const zlib = nodeModule<typeof import('node:zlib')>('node:zlib');
  if (!zlib) {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream(format));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }
  const run = { deflate: zlib.deflate, 'deflate-raw': zlib.deflateRaw, gzip: zlib.gzip }[format];
  return new Promise((resolve, reject) => {
    run(bytes, (error, output) => {
      if (error) reject(error);
      else resolve(new Uint8Array(output.buffer as ArrayBuffer, output.byteOffset, output.length));
    });
  });
}
