// From a sample to a grey: pure arithmetic, for the table and, as two numbers, for the card.

/** The window without a file's own: from the smallest to the largest sample. */
export function fullRange(about) {
  const a = about.minimum * about.slope + about.intercept, b = about.maximum * about.slope + about.intercept;
  return between(Math.min(a, b), Math.max(a, b));
}
/** A window that is black at `low` and white at `high`, exactly. */
export const between = (low, high) => ({center: (low + high) / 2, width: Math.max(high - low, 1e-6), function: "LINEAR_EXACT"});
export const fileWindow = about => about.window ? {...about.window, function: about.window.function ?? "LINEAR"} : fullRange(about);

/** Grey is shape(sample * gain + offset). The rescale (its slope may be negative) and the window are one line. */
export function lineOf({center, width, function: shape}, {slope, intercept}) {
  if (shape === "SIGMOID") {
    const w = Math.max(width, 1e-6);
    return {gain: 4 * slope / w, offset: 4 * (intercept - center) / w, isSigmoid: true};
  }
  // PS3.3 C.11.2.1.2: LINEAR has its half pixel and its width less one, LINEAR_EXACT has not.
  const [c, w] = shape === "LINEAR_EXACT" ? [center, Math.max(width, 1e-6)] : [center - 0.5, Math.max(width - 1, 1e-6)];
  return {gain: slope / w, offset: (intercept - c) / w + 0.5, isSigmoid: false};
}
export const grey = (sample, {gain, offset, isSigmoid}) => {
  const v = sample * gain + offset;
  return isSigmoid ? 1 / (1 + Math.exp(-v)) : Math.min(1, Math.max(0, v));
};

/** All 65,536 greys. Inverted after the window (MONOCHROME1 and the reader's wish: both together leave it); padding is black always. */
export function fillTable(table, window, about, isInverted) {
  const line = lineOf(window, about);
  for (let i = 0; i < 65536; i++) {
    const g = Math.round(grey(i, line) * 255);
    table[i] = isInverted ? 255 - g : g;
  }
  if (about.padding) table.fill(0, Math.max(0, about.padding[0]), Math.min(65535, about.padding[1]) + 1);
}

/** A drag of (dx, dy): the width by its share, so that it is as fine with a narrow window; the level by the range of the image. */
export function dragged(window, about, dx, dy, direction = {}) {
  const range = Math.abs((about.maximum - about.minimum) * about.slope) || 1;
  const x = direction.isSwapped ? dy : dx, y = direction.isSwapped ? dx : dy;
  const widthSign = direction.isWidthReversed ? -1 : 1, levelSign = direction.isLevelReversed ? -1 : 1;
  return {
    ...window,
    width: Math.max(range / 2000, Math.min(range * 4, window.width + widthSign * x * range / 600)),
    center: window.center + levelSign * y * range / 1000,
  };
}

/** Values below which a share of the image lies, by a histogram of every few pixels. */
export function percentiles(pixels, about, shares) {
  const counts = new Uint32Array(65536), step = Math.max(1, Math.floor(pixels.length / 500000));
  let total = 0;
  const [low, high] = about.padding ?? [1, 0];
  for (let i = 0; i < pixels.length; i += step) {
    const p = pixels[i];
    if (p >= low && p <= high) continue;
    counts[p]++;
    total++;
  }
  return shares.map(share => {
    let left = share * total;
    for (let i = 0; i < 65536; i++) if ((left -= counts[i]) <= 0 && counts[i]) return i;
    return about.maximum;
  });
}
export function percentileWindow(pixels, about, low, high) {
  const [a, b] = percentiles(pixels, about, [low, high]).map(sample => sample * about.slope + about.intercept);
  return between(Math.min(a, b), Math.max(a, b));
}
