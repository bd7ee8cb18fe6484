import { FormatError } from '@wsss/core';
import { readStateDict } from '@wsss/formats';
import { freeze, loadWeights, mobilenetV2, type Network } from '@wsss/networks';

/**
 * MobileNetV2 at output stride 16, its batch norms folded into the convolutions. Its own classifier, if the file has one,
 * is not needed.
 *
 * @param trainable Whether the parameter of this name trains. @default none does
 */
export async function loadBackbone(file: string, trainable?: (name: string) => boolean): Promise<Network> {
  const network = mobilenetV2({ outputStride: 16, initialise: false });
  try {
    const { missing, mismatched, summary } = await loadWeights(network, await readStateDict(file), { strict: false });
    if (missing.length + mismatched.length > 0) throw new FormatError(file, 'all weights of MobileNetV2', summary);
    return freeze(network, trainable && { trainable });
  } finally {
    network.dispose();
  }
}
