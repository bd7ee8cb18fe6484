/** What keeps the divisors of SIPE's normalisations from 0: of maps by their maximum, of features by their norm. */
export const EPSILON = 1e-5;

/** The smallest norm that a vector is divided by in a cosine, torch's. */
export const COSINE_EPSILON = 1e-8;

/** SIPE's factor on the background's overlap. */
export const BACKGROUND_FACTOR = 0.5;
