/**
 * PSA's rule for the label of a cell, from two sets of scores with the same channels, background first. `low` is where
 * the background is strong, so that its foreground is trusted; `high` is where it is weak, so that its background is.
 *
 * Foreground of `low` → its channel; background of `high` → 0, even then; otherwise, and where no score reaches 1e-5
 * (outside of the photo), 255.
 *
 * @param low `[n, channels]`; `high` likewise.
 */
export function confidentLabels(low: ArrayLike<number>, high: ArrayLike<number>, channels: number): Uint8Array {
  const labels = new Uint8Array(low.length / channels);
  for (let i = 0; i < labels.length; i++) {
    const start = i * channels;
    const foreground = highest(low, start, channels);
    let label = foreground === 0 ? 255 : foreground;
    if (highest(high, start, channels) === 0) label = 0;
    let seen = false;
    for (let c = start; c < start + channels; c++) seen ||= low[c]! >= 1e-5 || high[c]! >= 1e-5;
    labels[i] = seen ? label : 255;
  }
  return labels;
}

function highest(scores: ArrayLike<number>, start: number, channels: number): number {
  let best = 0;
  for (let c = 1; c < channels; c++) if (scores[start + c]! > scores[start + best]!) best = c;
  return best;
}
