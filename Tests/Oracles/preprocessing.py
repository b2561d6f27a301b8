# oracle
"""Preprocessing steps by other hands: numpy, SciPy, OpenCV, and non-local means by the formula of its paper.

Usage: preprocessing.py OUT_DIR; writes OUT_DIR/preprocessing/.
"""

import json
import pathlib
import sys

import cv2
import numpy as np
from scipy import ndimage


def window(image, low, high, maximum):
    """numpy's inverted empirical distribution: the smallest grey with at least that share at or below it."""
    bottom, top = (float(np.percentile(image, p, method="inverted_cdf")) for p in (low, high))
    scaled = (np.clip(image.astype(float), bottom, top) - bottom) * (maximum / (top - bottom))
    return np.floor(scaled + 0.5)


def non_local_means(image, patch, search, strength, maximum):
    """Buades, Coll and Morel (CVPR 2005), pixel by pixel, with a flat patch; mirrored past the edge."""
    margin = patch + search
    padded = np.pad(image.astype(float), margin, mode="reflect")
    h2 = (strength * maximum) ** 2 * (2 * patch + 1) ** 2
    result = np.zeros(image.shape)
    for y in range(image.shape[0]):
        for x in range(image.shape[1]):
            cy, cx = y + margin, x + margin
            own = padded[cy - patch:cy + patch + 1, cx - patch:cx + patch + 1]
            total = weights = 0.0
            for dy in range(-search, search + 1):
                for dx in range(-search, search + 1):
                    oy, ox = cy + dy, cx + dx
                    other = padded[oy - patch:oy + patch + 1, ox - patch:ox + patch + 1]
                    weight = np.exp(-((own - other) ** 2).sum() / h2)
                    total += weight * padded[oy, ox]
                    weights += weight
            result[y, x] = total / weights
    return np.rint(result)


def main():
    folder = pathlib.Path(sys.argv[1]) / "preprocessing"
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(19)
    cases = []

    def add(name, image, bits, expected, **parameters):
        (folder / f"{name}.in.u16").write_bytes(image.astype("<u2").tobytes())
        (folder / f"{name}.out.u16").write_bytes(expected.astype("<u2").tobytes())
        cases.append({"name": name, "bits": bits, "height": image.shape[0], "width": image.shape[1], **parameters})

    def scene(height, width, bits, noise):
        y, x = np.mgrid[0:height, 0:width]
        smooth = 0.45 + 0.25 * np.sin(x / 9) * np.cos(y / 13) + 0.15 * ((x // 17 + y // 11) % 2)
        return np.clip((smooth + random.normal(0, noise, (height, width))) * (2**bits - 1), 0, 2**bits - 1).astype(np.uint16)

    for bits in (8, 12, 16):
        maximum = 2**bits - 1
        image = scene(47, 61, bits, 0.05)
        for low, high in [(0.5, 99.5), (0, 100), (10, 60)]:
            add(f"window-{bits}-{low}-{high}", image, bits, window(image, low, high, maximum), low=low, high=high)
        for radius in (1, 2, 3):
            add(f"median-{bits}-{radius}", image, bits, ndimage.median_filter(image, 2 * radius + 1, mode="nearest"), radius=radius)
    for bits, patch, search, strength in [(8, 1, 3, 0.05), (12, 2, 3, 0.08), (16, 1, 4, 0.1)]:
        image = scene(21, 26, bits, 0.04)
        expected = non_local_means(image, patch, search, strength, 2**bits - 1)
        add(f"means-{bits}", image, bits, expected, patch=patch, search=search, strength=strength)
    # Large tiles: OpenCV gives what is left of the clipped part after whole shares to the darkest bins, which tilts small tiles.
    for tiles, clip in [(8, 2.0), (4, 4.0), (8, 40.0)]:
        image = scene(768, 1024, 8, 0.05)
        expected = cv2.createCLAHE(clipLimit=clip, tileGridSize=(tiles, tiles)).apply(image.astype(np.uint8))
        add(f"clahe-{tiles}-{clip}", image, 8, expected, tiles=tiles, clip=clip)
    (folder / "index.json").write_text(json.dumps(cases, indent=1))


if __name__ == "__main__":
    main()
