/** A gradient of this name is registered where ours are: no kernel has it. */
export const GRADIENTS_MARK = '_WsssGradients';
