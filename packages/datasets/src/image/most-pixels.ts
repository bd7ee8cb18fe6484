/** The most pixels that an image may have: 16384 × 16384. What claims more is not believed. */
export const MOST_PIXELS = 2 ** 28;
