"""What pydicom's apply_modality_lut makes of every DICOM file of a folder.

modality_values.py FOLDER prints {file name: SHA-256 of the values as float64, little-endian, padding as NaN}.
"""
import hashlib
import json
import pathlib
import sys
import warnings

import numpy as np
import pydicom
from pydicom.pixels import apply_modality_lut

warnings.simplefilter("ignore")
sums = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.dcm")):
    ds = pydicom.dcmread(path)
    stored = ds.pixel_array
    values = np.asarray(apply_modality_lut(stored, ds), dtype=np.float64).copy()
    if ds.get("PixelPaddingValue") is not None:
        value = int(ds.PixelPaddingValue)
        value = value - 65536 if ds.PixelRepresentation and value > 32767 else value
        values[stored == value] = np.nan
    sums[path.name] = hashlib.sha256(values.astype("<f8").tobytes()).hexdigest()
print(json.dumps(sums))
