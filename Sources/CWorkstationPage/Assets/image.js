// The pixels of an image: fetched, described, halved for small drawing, and let go when the image is left.
import {request} from "./api.js";

/** The picture at 1, 1/2, 1/4 and 1/8, each pixel the mean of four: drawn small from the whole, fine lines would flicker. */
export function pyramid({pixels, width, height}, padding = null) {
  const levels = [{pixels, width, height}];
  const [low, high] = padding ?? [1, 0], isPadding = s => s >= low && s <= high;
  while (levels.length < 4 && Math.min(levels.at(-1).width, levels.at(-1).height) > 1) {
    const from = levels.at(-1), w = from.width >> 1, h = from.height >> 1, half = new Uint16Array(w * h), p = from.pixels;
    for (let y = 0, out = 0; y < h; y++)
      for (let x = 0, at = 2 * y * from.width; x < w; x++, at += 2) {
        const a = p[at], b = p[at + 1], c = p[at + from.width], d = p[at + from.width + 1];
        if (!padding) { half[out++] = a + b + c + d + 2 >> 2; continue; }
        // Padding is no grey: it has no part in a mean, and three of it make it padding.
        const real = [a, b, c, d].filter(s => !isPadding(s));
        half[out++] = real.length < 2 ? low : Math.round(real.reduce((sum, s) => sum + s, 0) / real.length);
      }
    levels.push({pixels: half, width: w, height: h});
  }
  return levels;
}

export async function fetchImage(instance, signal, onProgress) {
  const answer = await request(`instances/${instance}/pixels?frame=1`, {signal});
  const about = {slope: 1, intercept: 0, units: null, padding: null, spacing: null, window: null, inverted: false,
    ...JSON.parse(answer.headers.get("X-Pleura-Image"))};
  const pixels = new Uint16Array(about.columns * about.rows), bytes = new Uint8Array(pixels.buffer);
  // Read straight into its place: not a second copy of 18 MB.
  const reader = answer.body.getReader();
  for (let at = 0; ;) {
    const {value, done} = await reader.read();
    if (done) { if (at < bytes.length) throw new Error("the pixels end early"); break; }
    bytes.set(value.subarray(0, Math.max(0, bytes.length - at)), at);
    at += value.length;
    onProgress?.(at / bytes.length);
  }
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1)   // The bytes are little-endian, whatever the machine is.
    for (let i = 0; i < pixels.length; i++) pixels[i] = pixels[i] >> 8 | (pixels[i] & 255) << 8;
  return {about, levels: pyramid({pixels, width: about.columns, height: about.rows}, about.padding)};
}
