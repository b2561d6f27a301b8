"""Where SimpleITK puts the voxels of DICOM series, and what values they have.

volume_geometry.py FOLDER OUT reads each folder below FOLDER as one series, prints {name: size, origin, spacing, direction, values}, and writes the
values (32-bit floats, x fastest) into OUT. Spacing along the slices is the mean distance of their positions.
"""
import json
import pathlib
import sys

import numpy as np
import pydicom
import SimpleITK as sitk

out = pathlib.Path(sys.argv[2])
answers = {}
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    files = [path for path in folder.iterdir() if path.suffix == ".dcm"]
    headers = {path: pydicom.dcmread(path, stop_before_pixels=True) for path in files}
    normal = np.cross(*np.reshape([float(v) for v in headers[files[0]].ImageOrientationPatient], (2, 3)))
    files.sort(key=lambda path: float(np.dot([float(v) for v in headers[path].ImagePositionPatient], normal)))
    # One slice after another, since a series reader has one rescale for all.
    slices = [sitk.ReadImage(str(path)) for path in files]
    values = np.stack([sitk.GetArrayFromImage(s)[0] for s in slices])
    first, last = np.array(slices[0].GetOrigin()), np.array(slices[-1].GetOrigin())
    spacing = float(np.linalg.norm(last - first)) / (len(slices) - 1)
    name = folder.name + ".f32"
    values.astype("<f4").tofile(out / name)
    answers[folder.name] = {
        "size": list(values.shape[::-1]), "origin": list(slices[0].GetOrigin()),
        "spacing": [*slices[0].GetSpacing()[:2], spacing], "direction": list(slices[0].GetDirection()), "values": name}
print(json.dumps(answers))
