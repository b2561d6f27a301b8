# oracle
"""Files of every PNG and JPEG variant with the grey values PIL reads from them, and PIL's resampling.

Usage: pixels.py OUT_DIR; writes OUT_DIR/pixels/. PNG files are written here by the standard's text (zlib and struct), so that the
variants PIL cannot write are there too; what is expected is what PIL reads. Where PIL itself keeps only 8 of 16 bits, the expected
values are computed from the source samples with PIL's own weights.
"""

import io
import json
import pathlib
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

WIDTH, HEIGHT = 37, 23
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def packed_rows(samples, depth):
    """Filtered scan lines (filter types 0 to 4 in turn) of one pass, samples [H, W, C]."""
    height, width, channels = samples.shape
    if depth == 16:
        lines = samples.astype(">u2").reshape(height, -1).view(np.uint8)
    elif depth == 8:
        lines = samples.astype(np.uint8).reshape(height, -1)
    else:
        bits = np.unpackbits(samples.astype(np.uint8).reshape(height, -1, 1), axis=2)[:, :, 8 - depth:]
        lines = np.packbits(bits.reshape(height, -1), axis=1)
    distance = max(1, channels * depth // 8)
    out = bytearray()
    above = np.zeros(lines.shape[1], np.int32)
    for row, line in enumerate(lines.astype(np.int32)):
        left = np.concatenate([np.zeros(distance, np.int32), line])[: len(line)]
        corner = np.concatenate([np.zeros(distance, np.int32), above])[: len(line)]
        kind = row % 5
        if kind == 4:
            p = left + above - corner
            pa, pb, pc = abs(p - left), abs(p - above), abs(p - corner)
            guess = np.where((pa <= pb) & (pa <= pc), left, np.where(pb <= pc, above, corner))
        else:
            guess = [0, left, above, (left + above) // 2][kind]
        out.append(kind)
        out += ((line - guess) & 255).astype(np.uint8).tobytes()
        above = line
    return bytes(out)


def png(samples, depth, kind, palette=None, transparency=None, interlaced=False):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    height, width, _ = samples.shape
    if interlaced:
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        data = b"".join(packed_rows(p, depth) for p in passes if p.shape[0] and p.shape[1])
    else:
        data = packed_rows(samples, depth)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced)))
    if palette is not None:
        file += chunk(b"PLTE", palette.astype(np.uint8).tobytes())
    if transparency is not None:
        file += chunk(b"tRNS", transparency)
    return file + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def luminance(rgb):
    """ITU-R BT.601 in the integers of PIL's convert("L")."""
    r, g, b = (rgb[..., i].astype(np.uint64) for i in range(3))
    return ((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16).astype(np.uint16)


def png_cases(random):
    for interlaced in (False, True):
        suffix = "-interlaced" if interlaced else ""
        for kind, name, depths in [
            (0, "grey", (1, 2, 4, 8, 16)), (4, "grey-alpha", (8, 16)), (2, "rgb", (8, 16)), (6, "rgba", (8, 16)),
            (3, "palette", (1, 2, 4, 8)), (3, "palette-transparent", (1, 2, 4, 8)), (0, "grey-transparent", (8, 16)), (2, "rgb-transparent", (8,)),
        ]:
            for depth in depths:
                samples = random.integers(0, 1 << depth, (HEIGHT, WIDTH, CHANNELS[kind]))
                palette = random.integers(0, 256, (1 << depth, 3)) if kind == 3 else None
                transparency = None
                if name == "palette-transparent":
                    transparency = bytes(random.integers(0, 256, 1 << depth).astype(np.uint8))
                elif name.endswith("transparent"):
                    transparency = struct.pack(f">{CHANNELS[kind]}H", *samples[3, 5])
                file = png(samples, depth, kind, palette, transparency, interlaced)
                picture = Image.open(io.BytesIO(file))
                if depth < 16:
                    # By way of RGB: from a palette PIL goes straight to grey with other, truncating weights.
                    picture = picture.convert("RGBA").convert("RGB") if kind == 3 else picture
                    grey = np.asarray(picture.convert("L")).astype(np.uint16)
                elif kind == 0:
                    grey = np.asarray(picture).astype(np.uint16)
                    assert (grey == samples[..., 0]).all()
                else:
                    grey = samples[..., 0].astype(np.uint16) if kind == 4 else luminance(samples)
                yield f"{name}-{depth}{suffix}.png", file, grey, 16 if depth == 16 else 8


def jpeg_cases(random):
    height, width = 45, 67
    y, x = np.mgrid[0:height, 0:width]
    smooth = np.stack([128 + 90 * np.sin(x / (5 + c) + y / (7 - c)) for c in range(4)], 2)
    colour = np.clip(smooth + random.normal(0, 12, smooth.shape), 0, 255).astype(np.uint8)
    pictures = {"L": Image.fromarray(colour[..., 0]), "RGB": Image.fromarray(colour[..., :3]), "CMYK": Image.fromarray(colour, mode="CMYK")}
    for name, mode, options in [
        ("grey", "L", {}), ("grey-progressive", "L", {"progressive": True}), ("colour-444", "RGB", {"subsampling": "4:4:4"}),
        ("colour-422", "RGB", {"subsampling": "4:2:2"}), ("colour-420", "RGB", {"subsampling": "4:2:0"}),
        ("colour-420-progressive", "RGB", {"subsampling": "4:2:0", "progressive": True}), ("grey-optimised", "L", {"optimize": True}),
        ("colour-restarts", "RGB", {"restart_marker_rows": 1}), ("cmyk", "CMYK", {}), ("cmyk-progressive", "CMYK", {"progressive": True}),
    ]:
        target = io.BytesIO()
        pictures[mode].save(target, "JPEG", quality=88, **options)
        grey = np.asarray(Image.open(io.BytesIO(target.getvalue())).convert("L")).astype(np.uint16)
        yield f"{name}.jpg", target.getvalue(), grey, 8


def turned_cases(random):
    """Every way a picture may be stored and say so in Exif, in either byte order, as PIL turns it upright."""
    y, x = np.mgrid[0:45, 0:67]
    grey = np.clip(128 + 90 * np.sin(x / 5 + y / 7) + random.normal(0, 12, x.shape), 0, 255).astype(np.uint8)
    for orientation in range(1, 9):
        for kind in ("jpg", "png"):
            exif = Image.Exif()
            exif.endian = "<" if orientation % 2 else ">"
            exif[0x010E] = "a film, photographed"
            exif[0x0112] = orientation
            target = io.BytesIO()
            Image.fromarray(grey).save(target, {"jpg": "JPEG", "png": "PNG"}[kind], exif=exif.tobytes())
            upright = ImageOps.exif_transpose(Image.open(io.BytesIO(target.getvalue())))
            yield f"turned-{orientation}.{kind}", target.getvalue(), np.asarray(upright.convert("L")).astype(np.uint16)


def reduced(file):
    """What PIL's draft mode decodes of a JPEG file at a half, a quarter and an eighth of its size."""
    for reduction in (2, 4, 8):
        picture = Image.open(io.BytesIO(file))
        picture.draft(picture.mode, (picture.width // reduction, picture.height // reduction))
        yield reduction, np.asarray(picture.convert("L")).astype(np.uint16)


def resampling_cases(random):
    source = random.integers(0, 65536, (61, 83)).astype(np.uint16)
    picture = Image.fromarray(source.astype(np.float32), mode="F")
    for box, size in [
        ((0, 0, 83, 61), (40, 29)), ((0, 0, 83, 61), (11, 7)), ((0, 0, 83, 61), (200, 150)), ((0, 0, 83, 61), (83, 61)),
        ((3.25, 7.5, 60.75, 44.125), (32, 32)), ((10, 5, 30, 25), (64, 48)), ((0, 0, 83, 61), (1, 1)), ((0, 0, 1, 61), (5, 100)),
        ((20.4, 0, 80.9, 60.3), (83, 13)),
    ]:
        yield source, box, size, np.asarray(picture.resize(size, Image.Resampling.BILINEAR, box=box)).astype(np.float32)


def main():
    folder = pathlib.Path(sys.argv[1]) / "pixels"
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(20170510)
    files = []
    for name, file, grey, bits in [*png_cases(random), *jpeg_cases(random)]:
        (folder / name).write_bytes(file)
        (folder / f"{name}.u16").write_bytes(grey.astype("<u2").tobytes())
        files.append({"file": name, "width": grey.shape[1], "height": grey.shape[0], "bits": bits})
        if name.endswith(".jpg"):
            for reduction, part in reduced(file):
                assert part.shape == tuple(-(-side // reduction) for side in grey.shape), (name, reduction, part.shape)
                (folder / f"{name}.{reduction}.u16").write_bytes(part.astype("<u2").tobytes())
    resampled = []
    for index, (source, box, size, values) in enumerate(resampling_cases(random)):
        (folder / "resampling.u16").write_bytes(source.astype("<u2").tobytes())
        (folder / f"resampling-{index}.f32").write_bytes(values.astype("<f4").tobytes())
        resampled.append({"box": box, "width": size[0], "height": size[1], "values": f"resampling-{index}.f32"})
    turned = []
    for name, file, grey in turned_cases(random):
        (folder / name).write_bytes(file)
        (folder / f"{name}.u16").write_bytes(grey.astype("<u2").tobytes())
        turned.append({"file": name, "width": grey.shape[1], "height": grey.shape[0], "bits": 8})
    index = {"files": files, "turned": turned, "resampling": {"width": 83, "height": 61, "source": "resampling.u16", "cases": resampled}}
    (folder / "index.json").write_text(json.dumps(index, indent=1))


if __name__ == "__main__":
    main()
