# oracle
"""DICOM files and the pixels pydicom gets from them.

dicom.py OUT_DIR writes OUT_DIR/dicom/: *.dcm, NAME.FRAME.raw (uint16, little-endian, the expected pixels), NAME.FRAME.modality (float64,
little-endian, pydicom's apply_modality_lut, padding as NaN), index.json.

Expected pixels: pydicom's apply_modality_lut and apply_voi_lut (its own defaults), brought from their output range to
0...2^bits - 1, MONOCHROME1 turned round, padding black. Needs DCMTK's dcmcjpeg, dcmcjpls and dcmcrle (Debian dcmtk).
"""
import copy
import importlib.util
import json
import pathlib
import struct
import subprocess
import sys
import warnings
import zlib

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended, generate_frames
from pydicom.pixels import apply_modality_lut, apply_voi_lut, pixel_array
from pydicom.sequence import Sequence
from pydicom.uid import (
    CTImageStorage, ComputedRadiographyImageStorage, DeflatedExplicitVRLittleEndian, DigitalXRayImageStorageForPresentation,
    EnhancedCTImageStorage, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEG2000, JPEG2000Lossless,
    JPEGLSLossless, JPEGLSNearLossless, MultiFrameGrayscaleWordSecondaryCaptureImageStorage, RLELossless,
    SecondaryCaptureImageStorage)

warnings.simplefilter("ignore")
OUT = pathlib.Path(sys.argv[1]) / "dicom"
OUT.mkdir(parents=True, exist_ok=True)
RNG = np.random.default_rng(20)
ROWS, COLUMNS = 61, 83  # odd on purpose
images, refused = [], []


# The values expected of a file

def flat(ds, frame):
    """The dataset as one frame sees it: its functional groups' rescale and window laid over the top level."""
    shown = copy.copy(ds)
    groups = []
    if ds.get("PerFrameFunctionalGroupsSequence"):
        groups.append(ds.PerFrameFunctionalGroupsSequence[frame - 1])
    if ds.get("SharedFunctionalGroupsSequence"):
        groups.append(ds.SharedFunctionalGroupsSequence[0])
    for macro in ("PixelValueTransformationSequence", "FrameVOILUTSequence"):
        item = next((g[macro].value[0] for g in groups if g.get(macro)), None)
        for element in item or []:
            shown[element.tag] = element
    return shown


def output_range(ds):
    """y_min and y_max of pydicom's apply_windowing, or of the lookup table; and the bits of the result."""
    if ds.get("VOILUTSequence"):
        depth = ds.VOILUTSequence[0].LUTDescriptor[2]
        return 0, 2**depth - 1, depth
    if ds.get("ModalityLUTSequence"):
        depth = ds.ModalityLUTSequence[0].LUTDescriptor[2]
        return 0, 2**depth - 1, depth
    stored = ds.BitsStored
    low, high = (-(2 ** (stored - 1)), 2 ** (stored - 1) - 1) if ds.PixelRepresentation else (0, 2**stored - 1)
    slope, intercept = float(ds.get("RescaleSlope", 1)), float(ds.get("RescaleIntercept", 0))
    low, high = low * slope + intercept, high * slope + intercept
    if "WindowCenter" not in ds and low > high:  # without a window pydicom leaves the values alone: higher is brighter
        low, high = high, low
    return low, high, min(max(stored, 8), 16)


def expected_grey(ds, stored):
    low, high, bits = output_range(ds)
    if ds.get("VOILUTSequence") and ds.VOILUTSequence[0].LUTDescriptor[2] == 8:
        # pydicom keeps the index into a table of 8-bit entries in 8 bits: call its entries wider.
        ds = copy.deepcopy(ds)
        ds.VOILUTSequence[0].LUTDescriptor[2] = 16
    values = np.asarray(apply_voi_lut(apply_modality_lut(stored, ds), ds), dtype=np.float64)
    top = 2**bits - 1
    pixels = np.rint(np.clip((values - low) / (high - low), 0, 1) * top).astype(np.uint16)
    if ds.PhotometricInterpretation == "MONOCHROME1":
        pixels = (top - pixels).astype(np.uint16)
    if ds.get("PixelPaddingValue") is not None:
        first = int(ds.PixelPaddingValue)
        last = int(ds.get("PixelPaddingRangeLimit", first))
        if ds.PixelRepresentation:  # padding is often written as unsigned
            first, last = (v - 65536 if v > 32767 else v for v in (first, last))
        pixels[(stored >= min(first, last)) & (stored <= max(first, last))] = 0
    return pixels, bits


def padded(ds, stored):
    """Which samples are padding."""
    if ds.get("PixelPaddingValue") is None:
        return np.zeros(stored.shape, bool)
    first = int(ds.PixelPaddingValue)
    last = int(ds.get("PixelPaddingRangeLimit", first))
    if ds.PixelRepresentation:
        first, last = (v - 65536 if v > 32767 else v for v in (first, last))
    return (stored >= min(first, last)) & (stored <= max(first, last))


def expected_modality(ds, stored):
    values = np.asarray(apply_modality_lut(stored, ds), dtype=np.float64).copy()
    values[padded(ds, stored)] = np.nan
    return values


def expected_colour(rgb, bits):
    if bits == 8:
        return np.asarray(Image.fromarray(rgb.astype(np.uint8), "RGB").convert("L")).astype(np.uint16), 8
    wide = rgb.astype(np.uint64)
    return ((wide[..., 0] * 19595 + wide[..., 1] * 38470 + wide[..., 2] * 7471 + 0x8000) >> 16).astype(np.uint16), bits


def record(name, frames=None, tolerance=1, like=None, force=False):
    """Notes what pydicom makes of OUT/name; `like` is a file that says the same in a way pydicom understands."""
    ds = pydicom.dcmread(OUT / (like or name), force=force)
    count = int(ds.get("NumberOfFrames") or 1)
    exact = not ds.get("VOILUTSequence") and "WindowCenter" not in flat(ds, 1)
    for frame in frames or [1]:
        if ds.SamplesPerPixel == 3:
            pixels, bits = expected_colour(pixel_array(ds, index=frame - 1), ds.BitsStored)
        else:
            stored = pixel_array(ds, index=frame - 1, raw=True)
            pixels, bits = expected_grey(flat(ds, frame), stored)
            expected_modality(flat(ds, frame), stored).astype("<f8").tofile(OUT / f"{name}.{frame}.modality")
        raw = f"{name}.{frame}.raw"
        pixels.astype("<u2").tofile(OUT / raw)
        shown = flat(ds, frame)
        measures = next((g.PixelMeasuresSequence[0] for g in ds.get("SharedFunctionalGroupsSequence", []) if "PixelMeasuresSequence" in g), {})
        spacing = measures.get("PixelSpacing") or ds.get("PixelSpacing") or ds.get("ImagerPixelSpacing")
        entry = {
            "file": name, "frame": frame, "frameCount": count, "width": int(ds.Columns), "height": int(ds.Rows), "bits": int(bits),
            "expected": raw, "tolerance": 0 if exact and tolerance == 1 and ds.SamplesPerPixel == 1 and not lossy(ds) else tolerance,
            "isInverted": shown.PhotometricInterpretation == "MONOCHROME1", "modality": ds.get("Modality") or None,
            "spacing": [float(v) for v in spacing] if spacing and all(spacing) else None, "view": ds.get("ViewPosition") or None,
            "bodyPart": ds.get("BodyPartExamined") or None, "sopInstanceUID": ds.get("SOPInstanceUID") or None,
            "sopClassUID": ds.get("SOPClassUID") or None, "studyInstanceUID": ds.get("StudyInstanceUID") or None,
            "seriesInstanceUID": ds.get("SeriesInstanceUID") or None,
            "modalityValues": f"{name}.{frame}.modality" if ds.SamplesPerPixel == 1 else None,
        }
        images.append({k: v for k, v in entry.items() if v is not None})


def lossy(ds):
    uid = ds.file_meta.TransferSyntaxUID if hasattr(ds, "file_meta") and "TransferSyntaxUID" in ds.file_meta else ImplicitVRLittleEndian
    return uid in ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.91")


def refuse(name, code, data=None):
    if data is not None:
        (OUT / name).write_bytes(data)
    refused.append({"file": name, "code": code})


# Making files

UIDS = iter(f"1.2.826.0.1.3680043.8.498.{n}" for n in range(1, 10**6))


def phantom(bits, signed=False, frames=1, low=None, high=None):
    """[frames, rows, columns]: a ramp, a disc and noise over the whole range, its ends included."""
    least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    least, most = least if low is None else low, most if high is None else high
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    ramp = (x / (COLUMNS - 1) * 0.7 + y / (ROWS - 1) * 0.3)
    stack = []
    for number in range(frames):
        disc = ((x - 30 - 4 * number) ** 2 + (y - 28) ** 2 < 300) * 0.25
        values = least + (ramp * 0.75 + disc) * (most - least) + RNG.normal(0, (most - least) / 120, ramp.shape)
        values = np.clip(np.rint(values), least, most)
        values[0, 0], values[0, 1] = least, most
        stack.append(values)
    dtype = (np.int16 if signed else np.uint16) if bits > 8 else (np.int8 if signed else np.uint8)
    return np.stack(stack).astype(dtype)


def dataset(array, bits, sop_class=DigitalXRayImageStorageForPresentation, modality="DX", photometric="MONOCHROME2", **tags):
    """A dataset that holds array [frames, rows, columns] or [rows, columns, 3]."""
    colour = array.ndim == 3 and array.shape[2] == 3
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = next(UIDS)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = next(UIDS), next(UIDS)
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = "Secret^Phantom", "SECRET-1", "", "O"
    ds.StudyDate, ds.StudyTime, ds.AccessionNumber, ds.StudyID = "20260101", "", "", ""
    ds.Modality, ds.BodyPartExamined, ds.ViewPosition = modality, "CHEST", "PA"
    ds.SamplesPerPixel, ds.PhotometricInterpretation = (3, "RGB") if colour else (1, photometric)
    ds.Rows, ds.Columns = array.shape[:2] if colour else array.shape[1:]
    if colour:
        ds.PlanarConfiguration = 0
    elif len(array) > 1:
        ds.NumberOfFrames = len(array)
    ds.BitsAllocated = array.dtype.itemsize * 8
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits - 1, int(array.dtype.kind == "i")
    ds.ImagerPixelSpacing = [0.143, 0.144]
    data = array.tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OW" if ds.BitsAllocated > 8 else "OB"
    for keyword, value in tags.items():
        setattr(ds, keyword, value)
    return ds


def save(ds, name, syntax=ExplicitVRLittleEndian):
    ds = copy.deepcopy(ds)
    ds.file_meta.TransferSyntaxUID = syntax
    if syntax == ExplicitVRBigEndian and ds.BitsAllocated == 16:
        ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
        ds["PixelData"].VR = "OW"
    pydicom.dcmwrite(OUT / name, ds, enforce_file_format=True, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=syntax != ExplicitVRBigEndian)
    return name


def compress(ds, name, syntax, **options):
    ds = copy.deepcopy(ds)
    ds.compress(syntax, generate_instance_uid=False, **options)
    ds.save_as(OUT / name, enforce_file_format=True)
    return name


def tool(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stderr.strip()}")


def dcmtk(source, name, *words):
    tool(words[0], *words[1:], str(OUT / source), str(OUT / name))
    return name


def raw_encapsulated(ds, name, syntax, data):
    """Encapsulated Pixel Data laid as given."""
    ds = copy.deepcopy(ds)
    ds.file_meta.TransferSyntaxUID = syntax
    ds.PixelData = data
    ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
    pydicom.dcmwrite(OUT / name, ds, enforce_file_format=True, implicit_vr=False, little_endian=True)
    return name


def lut(entries, first, depth, keyword="VOI"):
    item = Dataset()
    item.LUTDescriptor = [len(entries) % 65536, first, depth]
    item["LUTDescriptor"].VR = "SS" if first < 0 else "US"
    item.LUTData = [int(v) for v in entries]
    item["LUTData"].VR = "US"
    if keyword == "Modality":
        item.ModalityLUTType = "US"
    return Sequence([item])


# Transfer syntaxes

x12 = dataset(phantom(12), 12)
x8 = dataset(phantom(8), 8)
x16 = dataset(phantom(16), 16)
ct = dataset(phantom(16, signed=True, low=-1024, high=3071), 16, CTImageStorage, "CT", RescaleSlope=1, RescaleIntercept=-24,
             WindowCenter=[40, -600], WindowWidth=[400, 1500], PixelSpacing=[0.7, 0.71])
frames12 = dataset(phantom(12, frames=4), 12, MultiFrameGrayscaleWordSecondaryCaptureImageStorage, "OT")
frames8 = dataset(phantom(8, frames=3), 8, MultiFrameGrayscaleWordSecondaryCaptureImageStorage, "OT")
sources = {"x8": x8, "x12": x12, "x16": x16, "ct": ct, "frames12": frames12, "frames8": frames8}
for key, ds in sources.items():
    every = list(range(1, int(ds.get("NumberOfFrames", 1)) + 1))
    save(ds, f"{key}-explicit.dcm")
    record(f"{key}-explicit.dcm", every)
    plain = f"{key}-explicit.dcm"
    for label, syntax in (("implicit", ImplicitVRLittleEndian), ("big-endian", ExplicitVRBigEndian), ("deflated", DeflatedExplicitVRLittleEndian)):
        record(save(ds, f"{key}-{label}.dcm", syntax), every)
    record(dcmtk(plain, f"{key}-rle.dcm", "dcmcrle"), every)
    record(dcmtk(plain, f"{key}-jpeg-lossless-sv1.dcm", "dcmcjpeg", "+e1", "+tl"), every)
    for selection in (range(1, 8) if key == "x12" else [2]):
        record(dcmtk(plain, f"{key}-jpeg-lossless-{selection}.dcm", "dcmcjpeg", "+el", "+tl", "+sv", str(selection)), every)
    record(dcmtk(plain, f"{key}-jpegls-lossless.dcm", "dcmcjpls", "+el"), every)
    if key != "ct":
        record(dcmtk(plain, f"{key}-jpegls-near.dcm", "dcmcjpls", "+en", "+md", "3"), every)
        record(compress(ds, f"{key}-j2k-lossy.dcm", JPEG2000, j2k_cr=[8]), every)
    record(compress(ds, f"{key}-j2k-lossless.dcm", JPEG2000Lossless), every)
for key in ("x8", "frames8"):
    record(dcmtk(f"{key}-explicit.dcm", f"{key}-jpeg-baseline.dcm", "dcmcjpeg", "+eb", "-td"), [1])
for key in ("x12", "frames12"):
    record(dcmtk(f"{key}-explicit.dcm", f"{key}-jpeg-extended.dcm", "dcmcjpeg", "+ee", "-td"), [1])
# An 8-bit codestream in a dataset that allocates 16.
for kind in ("jpeg-baseline", "j2k-lossless", "jpeg-lossless-sv1"):
    narrow = pydicom.dcmread(OUT / f"x8-{kind}.dcm")
    narrow.BitsAllocated = 16
    narrow.save_as(OUT / f"x8in16-{kind}.dcm")
    record(f"x8in16-{kind}.dcm", like=f"x8-{kind}.dcm")

# Fragments and offset tables
j2k = list(generate_frames(pydicom.dcmread(OUT / "frames12-j2k-lossless.dcm").PixelData, number_of_frames=4))
jpeg = list(generate_frames(pydicom.dcmread(OUT / "frames12-jpeg-lossless-sv1.dcm").PixelData, number_of_frames=4))
jls = list(generate_frames(pydicom.dcmread(OUT / "frames12-jpegls-lossless.dcm").PixelData, number_of_frames=4))
for label, syntax, coded in (("j2k", JPEG2000Lossless, j2k), ("jpeg", "1.2.840.10008.1.2.4.70", jpeg), ("jpegls", JPEGLSLossless, jls)):
    for table in (True, False):
        name = f"frames12-{label}-fragments-{'table' if table else 'bare'}.dcm"
        raw_encapsulated(frames12, name, syntax, encapsulate(coded, fragments_per_frame=3, has_bot=table))
        record(name, [1, 2, 3, 4], like="frames12-explicit.dcm")
    record(raw_encapsulated(frames12, f"frames12-{label}-table.dcm", syntax, encapsulate(coded, has_bot=True)), [1, 3], like="frames12-explicit.dcm")
extended = copy.deepcopy(frames12)
data, extended.ExtendedOffsetTable, extended.ExtendedOffsetTableLengths = encapsulate_extended(j2k)
record(raw_encapsulated(extended, "frames12-j2k-extended-table.dcm", JPEG2000Lossless, data), [2], like="frames12-explicit.dcm")
single = list(generate_frames(pydicom.dcmread(OUT / "x12-j2k-lossless.dcm").PixelData, number_of_frames=1))
record(raw_encapsulated(x12, "x12-j2k-fragments.dcm", JPEG2000Lossless, encapsulate(single, fragments_per_frame=5, has_bot=False)), like="x12-explicit.dcm")

# Fragments elsewhere than in Pixel Data: icons, and what vendors keep for themselves; and what holds them
UNDEFINED = 0xFFFFFFFF


def header(order, group, number, vr, length):
    """Implicit where `vr` is empty."""
    if not vr:
        return struct.pack(order + "HHI", group, number, length)
    if vr in ("OB", "OW", "OD", "OF", "OL", "OV", "UN", "SQ", "UT", "UC", "UR"):
        return struct.pack(order + "HH", group, number) + vr.encode() + b"\0\0" + struct.pack(order + "I", length)
    return struct.pack(order + "HH", group, number) + vr.encode() + struct.pack(order + "H", length)


def element(order, group, number, vr, value):
    return header(order, group, number, vr, len(value)) + value


def items(order, *values, sized=True):
    made = b""
    for value in values:
        made += struct.pack(order + "HHI", 0xFFFE, 0xE000, len(value) if sized else UNDEFINED) + value
        made += b"" if sized else struct.pack(order + "HHI", 0xFFFE, 0xE00D, 0)
    return made


def delimited(order, group, number, vr, value, inside=None):
    return header(order, group, number, vr, UNDEFINED) + value + struct.pack((inside or order) + "HHI", 0xFFFE, 0xE0DD, 0)


# Bytes that are a JPEG to no decoder but must not be taken for elements: delimiters, items and lengths of gigabytes among them.
COMPRESSED = b"\xff\xd8\xff\xe0\x00\x10JFIF" + struct.pack("<HHIHHI", 0xFFFE, 0xE0DD, 0, 0xFFFE, 0xE000, 0xFFFFFFF0) \
    + bytes(RNG.integers(0, 256, 900, dtype=np.uint8)) + b"SQ\0\0\xff\xff\xff\xff" + b"\xff\xd9"


def hiding(order, vrs):
    """Elements that hold fragments, by kind; `vrs` is false in implicit VR."""
    vr = (lambda name: name) if vrs else (lambda name: "")
    creator = element(order, 0x0009, 0x0010, vr("LO"), b"PLEURA TEST ")
    plain = items(order, b"", COMPRESSED)
    tabled = items(order, struct.pack(order + "I", 0), COMPRESSED, COMPRESSED[:300])

    def icon(order=order, vr=vr, fragments=tabled):
        return element(order, 0x0028, 0x0002, vr("US"), struct.pack(order + "H", 1)) \
            + element(order, 0x0028, 0x0010, vr("US"), struct.pack(order + "H", 64)) \
            + element(order, 0x0028, 0x0011, vr("US"), struct.pack(order + "H", 64)) \
            + delimited(order, 0x7FE0, 0x0010, vr("OB"), fragments)

    deep = icon()
    for level in range(6):
        sized = level % 2 == 0
        inside = items(order, deep, sized=sized)
        deep = element(order, 0x0040, 0xA730, vr("SQ"), inside) if sized else delimited(order, 0x0040, 0xA730, vr("SQ"), inside)
    kinds = {
        "icon-sized": (0x0088, element(order, 0x0088, 0x0200, vr("SQ"), items(order, icon()))),
        "icon-open": (0x0088, delimited(order, 0x0088, 0x0200, vr("SQ"), items(order, icon(fragments=plain), sized=False))),
        "icons": (0x0088, element(order, 0x0088, 0x0200, vr("SQ"), items(order, icon(), icon(fragments=plain)))),
        "deep": (0x0040, deep),
        "private": (0x0009, creator + delimited(order, 0x0009, 0x1010, vr("OB"), plain)),
        "private-nested": (0x0009, creator + delimited(order, 0x0009, 0x1011, vr("SQ"), items(
            order, creator + delimited(order, 0x0009, 0x1010, vr("OB"), tabled), b""))),
        "private-sized": (0x0009, creator + element(order, 0x0009, 0x1010, vr("OB"), plain)),
    }
    if vrs:
        small = items("<", b"", COMPRESSED)
        inner = element("<", 0x0009, 0x0010, "", b"PLEURA TEST ") + delimited("<", 0x0009, 0x1010, "", small) \
            + icon("<", lambda name: "", small)
        kinds |= {
            "words": (0x0009, creator + delimited(order, 0x0009, 0x1010, "OW", plain)),
            "unknown": (0x0009, creator + delimited(order, 0x0009, 0x1010, "UN", plain)),
            # PS3.5 section 6.2.2, CP-246: implicit VR little endian inside, whatever is around it.
            "unknown-implicit": (0x0009, creator + delimited(order, 0x0009, 0x1011, "UN", items("<", inner), "<")),
            "unknown-open": (0x0009, creator + delimited(order, 0x0009, 0x1011, "UN", items("<", inner, sized=False), "<")),
            "unknown-explicit": (0x0009, creator + delimited(order, 0x0009, 0x1011, "UN", items(order, icon()))),
            "unknown-sized": (0x0009, creator + element(order, 0x0009, 0x1011, "UN", items("<", inner))),
            "unknown-icon": (0x0088, delimited(order, 0x0088, 0x0200, "UN", items("<", icon("<", lambda name: "", small)), "<")),
        }
    return kinds


def places(data, order, implicit):
    """Where each top-level element of a dataset begins, by tag; the values are those of `x12`, which has no sequence."""
    start = 144 + struct.unpack_from("<I", data, 140)[0]
    found = []
    while start + 8 <= len(data):
        group, number = struct.unpack_from(order + "HH", data, start)
        found.append((group, start))
        vr = "" if implicit else data[start + 4:start + 6].decode()
        size = 8 if implicit or vr not in ("OB", "OW", "UN", "SQ") else 12
        length, = struct.unpack_from(order + ("I" if implicit or size == 12 else "H"), data, start + size - (4 if implicit or size == 12 else 2))
        if length == UNDEFINED:
            break
        start += size + length
    return found


def with_fragments(source, order="<", implicit=False):
    data = (OUT / source).read_bytes()
    for kind, (group, blob) in hiding(order, not implicit).items():
        place = next(start for later, start in places(data, order, implicit) if later > group)
        name = f"hidden-{kind}-{source}"
        (OUT / name).write_bytes(data[:place] + blob + data[place:])
        record(name, like=source)
        if kind in ("icon-open", "private", "unknown", "unknown-implicit"):
            (OUT / f"cut-{name}").write_bytes(data[:place] + blob[:-500])
            refuse(f"cut-{name}", "truncated")
            (OUT / f"cut-behind-{name}").write_bytes((data[:place] + blob + data[place:])[:-2000])
            refuse(f"cut-behind-{name}", "truncated")


for source in ("x12-explicit.dcm", "x12-rle.dcm", "x12-jpeg-lossless-sv1.dcm", "x12-jpegls-lossless.dcm", "x12-j2k-lossless.dcm"):
    with_fragments(source)
with_fragments("x12-implicit.dcm", implicit=True)
with_fragments("x12-big-endian.dcm", order=">")
packed = (OUT / "x12-deflated.dcm").read_bytes()
start = 144 + struct.unpack_from("<I", packed, 140)[0]
inflated = packed[:start] + zlib.decompress(packed[start:], -15)
for kind, (group, blob) in hiding("<", True).items():
    place = next(begin for later, begin in places(inflated, "<", False) if later > group)
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    (OUT / f"hidden-{kind}-x12-deflated.dcm").write_bytes(
        packed[:start] + deflater.compress(inflated[start:place] + blob + inflated[place:]) + deflater.flush())
    record(f"hidden-{kind}-x12-deflated.dcm", like="x12-deflated.dcm")

# Headers left out
whole = (OUT / "x12-explicit.dcm").read_bytes()
(OUT / "no-preamble.dcm").write_bytes(whole[132:])
record("no-preamble.dcm", like="x12-explicit.dcm")
for label, implicit in (("implicit", True), ("explicit", False)):
    bare = copy.deepcopy(x12)
    del bare.file_meta
    bare.preamble = None
    pydicom.dcmwrite(OUT / f"bare-{label}.dcm", bare, implicit_vr=implicit, little_endian=True)
    record(f"bare-{label}.dcm", like="x12-explicit.dcm")
(OUT / "tail.dcm").write_bytes(whole + b"\x55" * 37)
record("tail.dcm", like="x12-explicit.dcm")
(OUT / "tail-j2k.dcm").write_bytes((OUT / "x12-j2k-lossless.dcm").read_bytes() + b"\x55" * 38)
record("tail-j2k.dcm", like="x12-explicit.dcm")

# Bits, signs, polarity, windows
for bits in (8, 10, 12, 14, 16):
    for signed in (False, True):
        for photometric in ("MONOCHROME1", "MONOCHROME2"):
            name = f"bits{bits}-{'signed' if signed else 'unsigned'}-{photometric.lower()}.dcm"
            array = phantom(bits, signed).astype(np.int16 if signed else np.uint16)
            record(save(dataset(array, bits, ComputedRadiographyImageStorage, "CR", photometric), name))
record(save(dataset(phantom(8, signed=True), 8), "bits8-signed-in-8.dcm"))
record(save(dataset(phantom(6).astype(np.uint8), 6), "bits6.dcm"))
for label, tags in {
    "linear": dict(WindowCenter=1800, WindowWidth=2100),
    "linear-explicit": dict(WindowCenter="1800.5", WindowWidth="2100.25", VOILUTFunction="LINEAR"),
    "linear-exact": dict(WindowCenter=1800, WindowWidth=2100, VOILUTFunction="LINEAR_EXACT"),
    "sigmoid": dict(WindowCenter=1800, WindowWidth=2100, VOILUTFunction="SIGMOID"),
    "several": dict(WindowCenter=[1500, 2000], WindowWidth=[900, 1000], WindowCenterWidthExplanation=["A", "B"]),
    "narrow": dict(WindowCenter=2000, WindowWidth=1),
    "rescale": dict(WindowCenter=300, WindowWidth=900, RescaleSlope="0.25", RescaleIntercept="-10"),
    "rescale-only": dict(RescaleSlope="2.5", RescaleIntercept="-100"),
    "rescale-negative": dict(WindowCenter=-1800, WindowWidth=2100, RescaleSlope=-1, RescaleIntercept=0),
    "rescale-negative-only": dict(RescaleSlope=-1, RescaleIntercept=4095),
    "padding": dict(PixelPaddingValue=0, WindowCenter=1800, WindowWidth=3000),
    "padding-range": dict(PixelPaddingValue=3500, PixelPaddingRangeLimit=4095),
    "voi-lut": dict(VOILUTSequence=lut(np.linspace(0, 1023, 3000) ** 2 / 1023, 500, 10), WindowCenter=1, WindowWidth=2),
    "voi-lut-8": dict(VOILUTSequence=lut(np.linspace(255, 0, 4096), 0, 8)),
    "voi-lut-16": dict(VOILUTSequence=lut(np.sqrt(np.linspace(0, 1, 4096)) * 65535, 0, 16)),
    "modality-lut": dict(ModalityLUTSequence=lut(np.linspace(0, 65535, 4096) ** 0.9, 0, 16, "Modality")),
    "modality-lut-window": dict(ModalityLUTSequence=lut(np.linspace(0, 65535, 4096)[::-1], 10, 16, "Modality"), WindowCenter=30000, WindowWidth=16000),
    "modality-lut-voi-lut": dict(ModalityLUTSequence=lut(np.linspace(0, 255, 4096)[::-1], 0, 8, "Modality"), VOILUTSequence=lut(np.linspace(0, 64, 256) ** 2 / 4, 0, 10)),
}.items():
    for photometric in ("MONOCHROME1", "MONOCHROME2"):
        ds = dataset(phantom(12), 12, photometric=photometric, **tags)
        record(save(ds, f"{label}-{photometric.lower()}.dcm"))
        record(save(ds, f"{label}-{photometric.lower()}-implicit.dcm", ImplicitVRLittleEndian))
        record(save(ds, f"{label}-{photometric.lower()}-big-endian.dcm", ExplicitVRBigEndian))
stored = phantom(16, signed=True, low=-1024, high=3071)
stored[:, :, :9] = -2000
for label, value, vr in (("signed", -2000, "SS"), ("as-unsigned", 63536, "US")):
    ds = copy.deepcopy(dataset(stored, 16, CTImageStorage, "CT", RescaleSlope=1, RescaleIntercept=0, WindowCenter=40, WindowWidth=400))
    ds.add_new("PixelPaddingValue", vr, value)
    record(save(ds, f"ct-padding-{label}.dcm"))
record(save(dataset(stored, 16, CTImageStorage, "CT", RescaleSlope=1, RescaleIntercept=0,
                    VOILUTSequence=lut(np.linspace(0, 4095, 1500), -1000, 12)), "ct-voi-lut.dcm"))
unsigned = dataset(phantom(12), 12, CTImageStorage, "CT", RescaleSlope=1, RescaleIntercept=-1024, WindowCenter=-600, WindowWidth=1500, ViewPosition="")
record(save(unsigned, "ct-unsigned.dcm"))
# What old modalities leave above Bits Stored, and samples that do not begin at bit 0 (which pydicom does not look at).
overlaid = phantom(12) | (RNG.integers(0, 16, (1, ROWS, COLUMNS)) << 12).astype(np.uint16)
record(save(dataset(overlaid, 12), "overlay-bits.dcm"))
overlaid = (phantom(12, signed=True).view(np.uint16) & 0xFFF | (RNG.integers(0, 16, (1, ROWS, COLUMNS)) << 12).astype(np.uint16)).view(np.int16)
record(save(dataset(overlaid, 12), "overlay-bits-signed.dcm"))
values = phantom(12)
save(dataset(values, 12), "high-bit-like.dcm")
shifted = pydicom.dcmread(OUT / "high-bit-like.dcm")
shifted.HighBit, shifted.PixelData = 15, ((values << 4) | 5).tobytes()
save(shifted, "high-bit-15.dcm")

# Optional sequences and elements that say nothing: as good as absent
def empty(*elements):
    item = Dataset()
    for keyword, vr in elements:
        item.add_new(keyword, vr, None)
    return item


typed = Dataset()
typed.ModalityLUTType, typed.LUTExplanation = "HU", "none"
blank_groups = Dataset()
for macro in ("PixelMeasuresSequence", "FrameVOILUTSequence", "PixelValueTransformationSequence", "FrameAnatomySequence", "PlanePositionSequence"):
    setattr(blank_groups, macro, Sequence([Dataset()]))
no_items = Dataset()
for macro in ("PixelMeasuresSequence", "FrameVOILUTSequence", "PixelValueTransformationSequence"):
    setattr(no_items, macro, Sequence([]))
table = ("LUTDescriptor", "US"), ("LUTData", "OW")
rescaled = dict(RescaleSlope="2.5", RescaleIntercept="-100", WindowCenter=3000, WindowWidth=5000)
for label, tags, like in (
    ("modality-no-item", dict(ModalityLUTSequence=Sequence([])), {}),
    ("modality-item", dict(ModalityLUTSequence=Sequence([Dataset()])), {}),
    ("modality-values", dict(ModalityLUTSequence=Sequence([empty(*table)])), {}),
    ("modality-type", dict(ModalityLUTSequence=Sequence([typed])), {}),
    ("modality-rescaled", dict(ModalityLUTSequence=Sequence([empty(*table)]), **rescaled), rescaled),
    ("voi-no-item", dict(VOILUTSequence=Sequence([]), **rescaled), rescaled),
    ("voi-item", dict(VOILUTSequence=Sequence([Dataset()]), **rescaled), rescaled),
    ("voi-values", dict(VOILUTSequence=Sequence([empty(*table)])), {}),
    ("voi-second", dict(VOILUTSequence=Sequence([Dataset(), lut(np.linspace(0, 1023, 3000), 500, 10)[0]])),
     dict(VOILUTSequence=lut(np.linspace(0, 1023, 3000), 500, 10))),
    ("presentation-item", dict(PresentationLUTSequence=Sequence([Dataset()]), **rescaled), rescaled),
    ("rescale", dict(RescaleSlope=None, RescaleIntercept=None), {}),
    ("rescale-slope", dict(RescaleSlope=None, RescaleIntercept="0"), {}),
    ("window", dict(WindowCenter=None, WindowWidth=None), {}),
    ("groups-blank", dict(SharedFunctionalGroupsSequence=Sequence([blank_groups]), **rescaled), rescaled),
    ("groups-no-item", dict(SharedFunctionalGroupsSequence=Sequence([no_items]), PerFrameFunctionalGroupsSequence=Sequence([Dataset()]), **rescaled), rescaled),
):
    without = save(dataset(values, 12, **like), f"without-{label}.dcm")
    for suffix, syntax in (("", ExplicitVRLittleEndian), ("-implicit", ImplicitVRLittleEndian), ("-big-endian", ExplicitVRBigEndian)):
        ds = pydicom.dcmread(OUT / without)
        for keyword, value in tags.items():
            setattr(ds, keyword, value)
        record(save(ds, f"blank-{label}{suffix}.dcm", syntax), like=without)

# Enhanced CT: rescale and window in the shared and in the frames' own groups
stack = phantom(12, frames=3)
enhanced = dataset(stack, 12, EnhancedCTImageStorage, "CT")


def groups(slope=None, center=None, spacing=None):
    item = Dataset()
    if slope is not None:
        values = Dataset()
        values.RescaleSlope, values.RescaleIntercept, values.RescaleType = slope, -1024, "HU"
        item.PixelValueTransformationSequence = Sequence([values])
    if center is not None:
        window = Dataset()
        window.WindowCenter, window.WindowWidth = center, 1500
        item.FrameVOILUTSequence = Sequence([window])
    if spacing is not None:
        measures = Dataset()
        measures.PixelSpacing = spacing
        item.PixelMeasuresSequence = Sequence([measures])
    return item


enhanced.SharedFunctionalGroupsSequence = Sequence([groups(slope=1, spacing=[0.5, 0.6])])
enhanced.PerFrameFunctionalGroupsSequence = Sequence([groups(center=c) for c in (-600, 40, 800)])
record(save(enhanced, "enhanced-ct.dcm"), [1, 2, 3])
enhanced.SharedFunctionalGroupsSequence = Sequence([groups(slope=1, center=100, spacing=[0.5, 0.6])])
enhanced.PerFrameFunctionalGroupsSequence = Sequence([groups(slope=s) for s in (1, 0.5, 2)])
record(compress(enhanced, "enhanced-ct-j2k.dcm", JPEG2000Lossless), [1, 2, 3])

# Colour
rgb = np.stack([phantom(8)[0] for _ in range(3)], axis=-1)
rgb[..., 1] = rgb[::-1, :, 1]
rgb[..., 2] = rgb[:, ::-1, 2]
colour = dataset(rgb, 8, SecondaryCaptureImageStorage, "OT")
record(save(colour, "rgb.dcm"), tolerance=0)
planar = copy.deepcopy(colour)
planar.PlanarConfiguration = 1
planar.PixelData = np.moveaxis(rgb, -1, 0).tobytes() + b"\0"
record(save(planar, "rgb-planar.dcm"), tolerance=0)
record(dcmtk("rgb.dcm", "rgb-rle.dcm", "dcmcrle"), tolerance=0)
record(dcmtk("rgb-planar.dcm", "rgb-planar-jpeg-lossless.dcm", "dcmcjpeg", "+e1"), tolerance=0)
record(dcmtk("rgb.dcm", "rgb-jpegls.dcm", "dcmcjpls"), tolerance=0)
record(compress(colour, "rgb-j2k.dcm", JPEG2000Lossless), tolerance=0)
record(dcmtk("rgb.dcm", "rgb-jpeg-444.dcm", "dcmcjpeg", "+eb", "+s4"), tolerance=2)

# Real files of the package pydicom-data, which calls its module data_store, and of pydicom itself
store = pathlib.Path(importlib.util.find_spec("data_store").origin).parent / "data"
own = pathlib.Path(pydicom.__file__).parent / "data/test_files"
for name, frames, tolerance in (
    *((f"RG{n}_{kind}.dcm", [1], 1) for n in (1, 3) for kind in ("UNCR", "J2KR", "UNCI", "J2KI")),
    ("693_J2KR.dcm", [1], 1), ("693_UNCR.dcm", [1], 1), ("JPEG-LL.dcm", [1], 1), ("JPGLosslessP14SV1_1s_1f_8b.dcm", [1], 1),
    ("MR-SIEMENS-DICOM-WithOverlays.dcm", [1], 1), ("MR2_J2KI.dcm", [1], 1), ("MR2_UNCR.dcm", [1], 1), ("mlut_18.dcm", [1], 1),
    ("vlut_04.dcm", [1], 1), ("bad_sequence.dcm", [1], 1), ("eCT_Supplemental.dcm", [1, 2], 1), ("emri_small_RLE.dcm", [1, 10], 1),
    ("emri_small_big_endian.dcm", [10], 1), ("emri_small_jpeg_2k_lossless.dcm", [1, 7], 1), ("emri_small_jpeg_ls_lossless.dcm", [7], 1),
    ("explicit_VR-UN.dcm", [1], 1), ("SC_rgb_16bit_2frame.dcm", [2], 0), ("SC_ybr_full_uncompressed.dcm", [1], 2), ("US1_J2KR.dcm", [1], 0),
    ("CT_small.dcm", [1], 1), ("J2K_pixelrep_mismatch.dcm", [1], 1), ("JPEG2000.dcm", [1], 1),
    ("JPEGLSNearLossless_16.dcm", [1], 1), ("JPGExtended.dcm", [1], 1), ("MR_small_RLE.dcm", [1], 1), ("MR_small_bigendian.dcm", [1], 1),
    ("MR_small_implicit.dcm", [1], 1), ("MR_small_jpeg_ls_lossless.dcm", [1], 1), ("MR_small_padded.dcm", [1], 1), ("image_dfl.dcm", [1], 1),
    ("SC_rgb_jpeg_dcmtk.dcm", [1], 2), ("SC_rgb_jpeg.dcm", [1], 2), ("SC_rgb_rle_16bit.dcm", [1], 0), ("SC_rgb_small_odd_big_endian.dcm", [1], 0),
):
    source = store / name if (store / name).exists() else own / name
    (OUT / name).write_bytes(source.read_bytes())
    record(name, frames, tolerance)

# Files to refuse
EMPTY = struct.pack("<HHI", 0xFFFE, 0xE000, 0)  # an item without bytes: as offset table, and as fragment
refuse("cut-in-pixels.dcm", "truncated", whole[:-3000])
refuse("cut-in-header.dcm", "truncated", whole[:697])
refuse("cut-between-elements.dcm", "no pixels", whole[:700])
refuse("cut-in-meta.dcm", "truncated", whole[:200])
refuse("cut-one-sample.dcm", "truncated", whole[:-2])
refuse("only-preamble.dcm", "truncated", whole[:132])
j2k_bytes = (OUT / "x12-j2k-lossless.dcm").read_bytes()
refuse("cut-j2k.dcm", "truncated", j2k_bytes[: len(j2k_bytes) // 2])
for label, syntax, coded in (("j2k", JPEG2000Lossless, single[0]), ("jpeg", "1.2.840.10008.1.2.4.70", jpeg[0]), ("jpegls", JPEGLSLossless, jls[0])):
    raw_encapsulated(x12, f"short-{label}.dcm", syntax, encapsulate([coded[: len(coded) // 2 & ~1]], has_bot=False))
    if label != "jpeg":  # libjpeg fills up what is missing
        refuse(f"short-{label}.dcm", "damaged")
    raw_encapsulated(x12, f"noise-{label}.dcm", syntax, encapsulate([bytes(RNG.integers(0, 256, 2000, dtype=np.uint8))], has_bot=False))
    refuse(f"noise-{label}.dcm", "damaged")
    raw_encapsulated(x12, f"empty-{label}.dcm", syntax, EMPTY * 2)
    refuse(f"empty-{label}.dcm", "damaged")
    other = dataset(phantom(12)[:, :40], 12)
    raw_encapsulated(other, f"other-size-{label}.dcm", syntax, encapsulate([coded], has_bot=False))
    refuse(f"other-size-{label}.dcm", "damaged")
    raw_encapsulated(frames12, f"too-few-{label}.dcm", syntax, encapsulate([coded, coded], has_bot=False))
    refuse(f"too-few-{label}.dcm", "truncated")


def refused_dataset(name, code, remove=(), source=x12, **tags):
    ds = copy.deepcopy(source)
    for keyword, value in tags.items():
        setattr(ds, keyword, value)
    for keyword in remove:
        del ds[keyword]
    save(ds, name)
    refuse(name, code)


refused_dataset("no-pixel-data.dcm", "no pixels", ["PixelData"])
refused_dataset("no-image.dcm", "no pixels", ["PixelData", "Rows", "Columns"])
refused_dataset("empty-pixel-data.dcm", "no pixels", PixelData=b"")
refused_dataset("no-rows.dcm", "damaged", ["Rows"])
refused_dataset("no-bits.dcm", "damaged", ["BitsAllocated"])
refused_dataset("zero-rows.dcm", "damaged", Rows=0)
refused_dataset("zero-columns.dcm", "damaged", Columns=0)
refused_dataset("huge.dcm", "too large", Rows=60000, Columns=60000)
refused_dataset("huge-without-pixels.dcm", "too large", ["PixelData"], Rows=60000, Columns=60000)
refused_dataset("too-many-rows.dcm", "truncated", Rows=ROWS + 1)
refused_dataset("too-many-frames.dcm", "no such frame", NumberOfFrames=1)
refused[-1]["frame"] = 2
refused_dataset("frame-not-there.dcm", "truncated", NumberOfFrames=5)
refused[-1]["frame"] = 5
refused_dataset("frame-zero.dcm", "no such frame")
refused[-1]["frame"] = 0
refused_dataset("stored-17.dcm", "damaged", BitsStored=17)
refused_dataset("allocated-32.dcm", "unsupported", BitsAllocated=32, BitsStored=32, HighBit=31)
refused_dataset("allocated-64.dcm", "unsupported", BitsAllocated=64, BitsStored=64, HighBit=63)
refused_dataset("allocated-1.dcm", "unsupported", BitsAllocated=1, BitsStored=1, HighBit=0)
refused_dataset("allocated-12.dcm", "unsupported", BitsAllocated=12)
refused_dataset("four-samples.dcm", "unsupported", SamplesPerPixel=4)
refused_dataset("palette.dcm", "unsupported", PhotometricInterpretation="PALETTE COLOR")
refused_dataset("unknown-photometric.dcm", "unsupported", PhotometricInterpretation="SECRET")
refused_dataset("rgb-of-one-sample.dcm", "damaged", PhotometricInterpretation="RGB")
broken = Dataset()
broken.LUTDescriptor = [4, 0, 16]
refused_dataset("modality-lut-without-data.dcm", "damaged", ModalityLUTSequence=Sequence([broken]))
floating = copy.deepcopy(x12)
del floating.PixelData
floating.BitsAllocated = 32
floating.FloatPixelData = np.zeros(ROWS * COLUMNS, np.float32).tobytes()
save(floating, "float.dcm")
refuse("float.dcm", "unsupported")
known = "1.2.840.10008.1.2.4.203"
raw_encapsulated(x12, "syntax.dcm", known, encapsulate([b"\xff\x4f\xff\x51" + b"\0" * 400], has_bot=False))
for number, uid in enumerate((known, known[:-1] + "1", known[:-1] + "2", known[:-3] + "100", known[:-3] + "110", "1.2.3.4.5.6.7.8.9.10.11", "SECRET.8.1.2.4.203.SECRET")):
    refuse(f"syntax-{number}.dcm", "unsupported", (OUT / "syntax.dcm").read_bytes().replace(known.encode(), uid.encode()[:23]))
for name in ("OT-PAL-8-face.dcm", "liver.dcm", "SC_rgb_32bit.dcm"):
    refuse(name, "unsupported", (store / name).read_bytes())
for name, code in (("rtdose.dcm", "unsupported"), ("SC_ybr_full_422_uncompressed.dcm", "unsupported"), ("MR_truncated.dcm", "truncated"), ("rtplan.dcm", "no pixels")):
    refuse(name, code, (own / name).read_bytes())
refuse("emri_small_jpeg_2k_lossless_too_short.dcm", "damaged", (store / "emri_small_jpeg_2k_lossless_too_short.dcm").read_bytes())
refused[-1]["frame"] = 10
# Sequences in sequences in sequences: explicit VR, undefined lengths.
nest = struct.pack("<HH2sHI", 0x0040, 0xA730, b"SQ", 0, 0xFFFFFFFF) + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
start = whole.index(struct.pack("<HH", 0x0028, 0x0002) + b"US")
refuse("nested.dcm", "damaged", whole[:start] + nest * 200_000)
nest = struct.pack("<HHI", 0x0040, 0xA730, 0xFFFFFFFF) + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
bare = (OUT / "bare-implicit.dcm").read_bytes()
start = bare.index(struct.pack("<HHI", 0x0028, 0x0002, 2))
refuse("nested-implicit.dcm", "damaged", bare[:start] + nest * 200_000)
sized = b""
for _ in range(1500):
    sized = struct.pack("<HHI", 0xFFFE, 0xE000, len(sized)) + sized
    sized = struct.pack("<HHI", 0x0040, 0xA730, len(sized)) + sized
refuse("nested-sized.dcm", "damaged", bare[:start] + sized + bare[start:])
big = (OUT / "x12-big-endian.dcm").read_bytes()
start = big.index(struct.pack(">HH", 0x0028, 0x0002) + b"US")
nest = struct.pack(">HH2sHI", 0x0040, 0xA730, b"SQ", 0, 0xFFFFFFFF) + struct.pack(">HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
refuse("nested-big-endian.dcm", "damaged", big[:start] + nest * 200_000)
packed = (OUT / "x12-deflated.dcm").read_bytes()
start = 144 + struct.unpack_from("<I", packed, 140)[0]  # behind the file meta information
flat_dataset = zlib.decompress(packed[start:], -15)
nest = struct.pack("<HH2sHI", 0x0040, 0xA730, b"SQ", 0, 0xFFFFFFFF) + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
refuse("nested-deflated.dcm", "damaged", packed[:start] + deflater.compress(flat_dataset[: flat_dataset.index(struct.pack("<HH", 0x0028, 0x0002) + b"US")] + nest * 200_000) + deflater.flush())
refuse("cut-deflated.dcm", "truncated", packed[: len(packed) // 2])
refuse("noise-deflated.dcm", "damaged", packed[:start] + b"\xff" * 500)
claim = whole.index(struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, 2 * ROWS * COLUMNS)) + 8
refuse("claims-4-gigabytes.dcm", "truncated", whole[:claim] + struct.pack("<I", 0xFFFFFFF0) + whole[claim + 4 :])
claim = j2k_bytes.index(struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF)) + 12
claim += 8 + struct.unpack_from("<I", j2k_bytes, claim + 4)[0] + 4
refuse("fragment-claims-4-gigabytes.dcm", "truncated", j2k_bytes[:claim] + struct.pack("<I", 0xFFFFFFF0) + j2k_bytes[claim + 4 :])
claim = bare.index(struct.pack("<HH", 0x0010, 0x0010)) + 4
refuse("text-claims-4-gigabytes.dcm", "truncated", bare[:claim] + struct.pack("<I", 0xFFFFFFF0) + bare[claim + 4 :])
rle = (OUT / "x12-rle.dcm").read_bytes()
claim = rle.index(struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF)) + 12
claim += 8 + struct.unpack_from("<I", rle, claim + 4)[0] + 8
for label, values in (("segments", [3]), ("no-segments", [0]), ("offset", [2, 64, 0x81001402]), ("falling", [2, 900, 64])):
    words = struct.pack(f"<{len(values)}I", *values)
    refuse(f"rle-{label}.dcm", "damaged", rle[:claim] + words + rle[claim + len(words) :])
refuse("garbage.dcm", "truncated", whole[:132] + bytes(RNG.integers(0, 256, 4000, dtype=np.uint8)))

# High Bit 15: the values of the file beside it, whatever pydicom would make of them.
record("high-bit-15.dcm", like="high-bit-like.dcm")
(OUT / "index.json").write_text(json.dumps({"images": images, "refused": refused}, indent=1))
print(len(images), "images,", len(refused), "files to refuse")
