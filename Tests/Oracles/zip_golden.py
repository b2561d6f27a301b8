"""A small zip archive with a file of each kind: stored, deflated, empty, and one compressed by a method that wheels do not use.

    python3 zip_golden.py Tests/ModelGraphTests/Fixtures
"""
import sys
import zipfile

with zipfile.ZipFile(f"{sys.argv[1]}/deflated.zip", "w") as archive:
    for name, method, content in [
        ("a/stored.txt", zipfile.ZIP_STORED, b"stored as it is"),
        ("a/deflated.bin", zipfile.ZIP_DEFLATED, bytes(k * k % 251 for k in range(3000)) + bytes(3000)),
        ("empty", zipfile.ZIP_DEFLATED, b""),
        ("lzma", zipfile.ZIP_LZMA, b"x" * 100),
    ]:
        info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
        info.compress_type = method
        archive.writestr(info, content)
