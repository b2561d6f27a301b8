import Foundation
import Geometry
import PleuraTesting
import Results
import Testing

/// A source image: its file, and what a result knows of it.
struct SourceSample: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: Data?
    var study: String
    var image: ResultImage
    var patient = PatientIdentity()

    var testDescription: String { name }
}

/// Images as departments have them, and worse: all drawn here, so that tests need no other file.
enum SourceSamples {
    static let columns = 320
    static let rows = 280

    static let all: [SourceSample] = {
        var made = [
            sample("cr", sopClass: "1.2.840.10008.5.1.4.1.1.1") { $0.set(0x0008, 0x0060, "CS", "CR") },
            sample("dx") {
                $0.set(0x0028, 0x1050, "DS", "2048")
                $0.set(0x0028, 0x1051, "DS", "4096")
            },
            sample("monochrome1", photometric: "MONOCHROME1") {
                $0.set(0x0028, 0x1052, "DS", "-1024")
                $0.set(0x0028, 0x1053, "DS", "1")
                $0.set(0x0028, 0x1054, "LO", "HU")
                $0.set(0x0028, 0x1050, "DS", "40\\400")
                $0.set(0x0028, 0x1051, "DS", "350\\1500")
            },
            sample("sixteen", bits: 16) { _ in },
            sample("eight", bits: 8) { _ in },
            sample("signed", isSigned: true) {
                $0.set(0x0028, 0x1052, "DS", "0")
                $0.set(0x0028, 0x1053, "DS", "1")
            },
            sample("voitable") { $0.set(0x0028, 0x3010, items: [table(entries: 4096, first: 0, isSigned: false)]) },
            sample("modalitytable") {
                var item = table(entries: 256, first: 100, isSigned: false)
                item.set(0x0028, 0x3004, "LO", "OD")
                $0.set(0x0028, 0x3000, items: [item])
                $0.set(0x0028, 0x1050, "DS", "30000.5")
                $0.set(0x0028, 0x1051, "DS", "20000")
                $0.set(0x0028, 0x1056, "CS", "SIGMOID")
            },
            sample("brokenwindow") {
                $0.set(0x0028, 0x1050, "DS", "wide")
                $0.set(0x0028, 0x1051, "DS", "0")
                $0.set(0x0028, 0x1052, "DS", "")
                $0.set(0x0028, 0x1053, "DS", "")
            },
            sample("multiframe", sopClass: "1.2.840.10008.5.1.4.1.1.7.3", frames: 3, frame: 2) { $0.set(0x0008, 0x0060, "CS", "OT") },
            enhanced,
            colour("rgb", photometric: "RGB"),
            colour("ybr", photometric: "YBR_FULL"),
            sample("nopatient") {
                $0.remove(0x0010, 0x0010)
                $0.remove(0x0010, 0x0020)
                $0.remove(0x0010, 0x0030)
                $0.remove(0x0010, 0x0040)
                $0.remove(0x0008, 0x0020)
                $0.remove(0x0008, 0x0030)
                $0.remove(0x0008, 0x0050)
                $0.remove(0x0020, 0x0010)
                $0.remove(0x0018, 0x0015)
            },
            sample("overlong") {
                $0.set(0x0010, 0x0010, "PN", String(repeating: "Overlong", count: 12) + "^Name")
                $0.set(0x0010, 0x0020, "LO", String(repeating: "9", count: 80))
                $0.set(0x0008, 0x0050, "SH", String(repeating: "A", count: 30))
                $0.set(0x0020, 0x0010, "SH", String(repeating: "1", count: 20))
                $0.set(0x0008, 0x1030, "LO", String(repeating: "thorax pa ", count: 12))
                $0.set(0x0018, 0x0015, "CS", "chest and upper abdomen")
            },
            sample("badvalues") {
                $0.set(0x0010, 0x0030, "DA", "1961.13.45")
                $0.set(0x0010, 0x0040, "CS", "male")
                $0.set(0x0010, 0x1010, "AS", "64")
                $0.set(0x0008, 0x0020, "DA", "yesterday")
                $0.set(0x0008, 0x0030, "TM", "25:61")
                $0.set(0x0010, 0x0020, "LO", "12\\34")
                $0.set(0x0020, 0x0020, "CS", "left\\foot")
                $0.set(0x0008, 0x0201, "SH", "CET")
            },
            sample("olddates") {
                $0.set(0x0010, 0x0030, "DA", "1961.02.13")
                $0.set(0x0008, 0x0020, "DA", "2024.11.05")
                $0.set(0x0008, 0x0030, "TM", "10:11:12")
                $0.set(0x0008, 0x0201, "SH", "+0130")
            },
            sample("nouids") {
                $0.remove(0x0008, 0x0018)
                $0.remove(0x0020, 0x000D)
                $0.remove(0x0020, 0x000E)
                $0.remove(0x0008, 0x0016)
            },
            sample("unequalpixels") {
                $0.set(0x0018, 0x1164, "DS", "0.2\\0.1")
                $0.set(0x0028, 0x0030, "DS", "0.2\\0.1")
            },
        ]
        made += texts
        made.append(
            SourceSample(
                name: "nofile", bytes: nil, study: uid("nofile", "study"), image: image("nofile", sopClass: nil, frame: nil),
                patient: PatientIdentity(name: "MUSTER^ERIKA", id: "77", birthDate: "1970-01-31", sex: "F")))
        return made
    }()

    /// Texts of several character sets: named rightly, wrongly, or not at all.
    private static let texts: [SourceSample] = [
        text("latin1", "ISO_IR 100", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72, 0x5E, 0x4A, 0xF6, 0x72, 0x67]),
        text("unicode", "ISO_IR 192", Array("Ελένη^Παπαδοπούλου".utf8)),
        text("greek", "ISO_IR 126", [0xC4, 0xE9, 0xEF, 0xED, 0xF5, 0xF3, 0xE9, 0xEF, 0xF2]),
        // Yamada^Tarou=山田^太郎=やまだ^たろう, PS3.5 H.3.1.
        text("japanese", "\\ISO 2022 IR 87", japanese),
        text(
            "korean", "\\ISO 2022 IR 149",
            Array("Hong^Gildong=".utf8) + [0x1B, 0x24, 0x29, 0x43, 0xFB, 0xF3, 0x5E, 0x1B, 0x24, 0x29, 0x43, 0xD1, 0xCE, 0xD4, 0xD7]),
        text("chinese", "GB18030", Array("Wang^XiaoDong=".utf8) + [0xCD, 0xF5, 0x5E, 0xD0, 0xA1, 0xB6, 0xAB]),
        // The second byte of a character is missing: nobody can convert it.
        text("brokenjapanese", "\\ISO 2022 IR 87", Array("Yamada^Tarou=".utf8) + [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x1B, 0x28, 0x42]),
        text("misspelt", "iso-ir 100", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72]),
        text("doubled", "ISO_IR 100\\ISO_IR 100", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72]),
        text("unknownset", "CP1252", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72]),
        text("unnamed", nil, [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72]),
        text("unnamedunicode", nil, Array("Müller^Jörg".utf8)),
        text("lyingunicode", "ISO_IR 192", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72]),
    ]

    static let japanese: [UInt8] =
        Array("Yamada^Tarou=".utf8) + [
            0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42, 0x5E, 0x1B, 0x24, 0x42, 0x42, 0x40, 0x4F, 0x3A,
        ]
        + [
            0x1B, 0x28, 0x42, 0x3D, 0x1B, 0x24, 0x42, 0x24, 0x64, 0x24, 0x5E, 0x24, 0x40, 0x1B, 0x28, 0x42, 0x5E, 0x1B, 0x24, 0x42, 0x24,
            0x3F,
        ]
        + [0x24, 0x6D, 0x24, 0x26, 0x1B, 0x28, 0x42]

    static func named(_ name: String) throws -> SourceSample {
        guard let found = all.first(where: { $0.name == name }) else { throw CocoaError(.fileNoSuchFile) }
        return found
    }

    /// Always the same, and of no other name.
    static func uid(_ name: String, _ part: String) -> String {
        let number = (name + part).utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return "1.2.826.0.1.3680043.8.498.\(number)"
    }

    static func image(_ name: String, sopClass: String?, frame: Int?) -> ResultImage {
        ResultImage(
            sopInstanceUID: uid(name, "instance"), sopClassUID: sopClass, seriesInstanceUID: uid(name, "series"), columns: columns,
            rows: rows,
            frame: frame)
    }

    private static func text(_ name: String, _ set: String?, _ bytes: [UInt8]) -> SourceSample {
        sample(name) {
            if let set { $0.set(0x0008, 0x0005, "CS", set) } else { $0.remove(0x0008, 0x0005) }
            $0.set(0x0010, 0x0010, "PN", Data(bytes))
        }
    }

    static func sample(
        _ name: String, sopClass: String = "1.2.840.10008.5.1.4.1.1.1.1", photometric: String = "MONOCHROME2", bits: Int = 12,
        isSigned: Bool = false,
        frames: Int = 1, frame: Int? = nil, edit: (inout DICOMBytes) -> Void
    ) -> SourceSample {
        var bytes = header(name, sopClass: sopClass)
        bytes.set(0x0028, 0x0004, "CS", photometric)
        let allocated = bits > 8 ? 16 : 8
        for (number, value) in [(0x0100, allocated), (0x0101, bits), (0x0102, bits - 1), (0x0103, isSigned ? 1 : 0)] {
            bytes.set(0x0028, UInt16(number), "US", DICOMBytes.little(UInt16(value)))
        }
        if frames > 1 { bytes.set(0x0028, 0x0008, "IS", "\(frames)") }
        bytes.set(0x7FE0, 0x0010, allocated == 16 ? "OW" : "OB", pixels(bits: bits, frames: frames))
        edit(&bytes)
        return SourceSample(
            name: name, bytes: bytes.file(), study: uid(name, "study"), image: image(name, sopClass: sopClass, frame: frame))
    }

    private static func header(_ name: String, sopClass: String) -> DICOMBytes {
        var bytes = DICOMBytes(rows: UInt16(rows), columns: UInt16(columns), samples: Data())
        bytes.set(0x0008, 0x0005, "CS", "ISO_IR 100")
        bytes.set(0x0008, 0x0016, "UI", sopClass)
        bytes.set(0x0008, 0x0018, "UI", uid(name, "instance"))
        bytes.set(0x0008, 0x0020, "DA", "20240229")
        bytes.set(0x0008, 0x0030, "TM", "101112.5")
        bytes.set(0x0008, 0x0050, "SH", "A-1")
        bytes.set(0x0008, 0x0080, "LO", "Hospital")
        bytes.set(0x0008, 0x0090, "PN", "Referrer^R")
        bytes.set(0x0008, 0x1030, "LO", "Thorax")
        bytes.set(0x0010, 0x0010, "PN", "Doe^Jane")
        bytes.set(0x0010, 0x0020, "LO", "P-" + name)
        bytes.set(0x0010, 0x0030, "DA", "19610213")
        bytes.set(0x0010, 0x0040, "CS", "F")
        bytes.set(0x0018, 0x0015, "CS", "CHEST")
        bytes.set(0x0020, 0x000D, "UI", uid(name, "study"))
        bytes.set(0x0020, 0x000E, "UI", uid(name, "series"))
        bytes.set(0x0020, 0x0010, "SH", "7")
        bytes.set(0x0020, 0x0020, "CS", "L\\F")
        return bytes
    }

    /// A thorax of a kind: dark lungs in a lighter body. From 0 to 1, drawn once.
    private static let thorax: [Double] = (0..<rows * columns).map { place in
        let x = Double(place % columns) / Double(columns)
        let y = Double(place / columns) / Double(rows)
        let lung = min(hypot((x - 0.3) / 0.16, (y - 0.5) / 0.36), hypot((x - 0.7) / 0.16, (y - 0.5) / 0.36))
        return lung < 1 ? 0.3 + 0.2 * lung : 0.75 - 0.1 * abs(y - 0.5)
    }

    private static func pixels(bits: Int, frames: Int) -> Data {
        let top = Double(1 << (bits - 1) - 1)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(frames * rows * columns * 2)
        for frame in 0..<frames {
            for share in thorax {
                let value = UInt16(top * share * (1 - 0.1 * Double(frame)))
                bytes.append(UInt8(truncatingIfNeeded: value))
                if bits > 8 { bytes.append(UInt8(value >> 8)) }
            }
        }
        return Data(bytes)
    }

    private static func table(entries: Int, first: Int, isSigned: Bool) -> DICOMBytes {
        var item = DICOMBytes()
        let descriptor = [entries, first, 16].map { UInt16($0) }
        item.set(0x0028, 0x3002, "US", descriptor.reduce(Data()) { $0 + DICOMBytes.little($1) })
        var values: [UInt8] = []
        for entry in 0..<entries {
            let value = UInt16(entry * 65_535 / entries)
            values += [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)]
        }
        item.set(0x0028, 0x3006, "OW", Data(values))
        return item
    }

    private static func colour(_ name: String, photometric: String) -> SourceSample {
        var sample = sample(name, sopClass: "1.2.840.10008.5.1.4.1.1.7", photometric: photometric, bits: 8) {
            $0.set(0x0008, 0x0060, "CS", "OT")
            $0.set(0x0008, 0x0064, "CS", "WSD")
            $0.set(0x0028, 0x0002, "US", DICOMBytes.little(UInt16(3)))
            $0.set(0x0028, 0x0006, "US", DICOMBytes.little(UInt16(0)))
            $0.set(0x7FE0, 0x0010, "OB", Data(repeating: 0x60, count: 3 * rows * columns))
        }
        sample.image.sopClassUID = "1.2.840.10008.5.1.4.1.1.7"
        return sample
    }

    /// Window and rescale stand in the functional groups of each frame (Enhanced XA).
    private static let enhanced = sample("enhanced", sopClass: "1.2.840.10008.5.1.4.1.1.12.1.1", frames: 2, frame: 2) {
        $0.set(0x0008, 0x0060, "CS", "XA")
        $0.set(
            0x5200, 0x9230,
            items: (1...2).map { number in
                var window = DICOMBytes()
                window.set(0x0028, 0x1050, "DS", "\(1_000 * number)")
                window.set(0x0028, 0x1051, "DS", "\(500 * number)")
                var rescale = DICOMBytes()
                rescale.set(0x0028, 0x1052, "DS", "\(-10 * number)")
                rescale.set(0x0028, 0x1053, "DS", "1")
                rescale.set(0x0028, 0x1054, "LO", "US")
                var frame = DICOMBytes()
                frame.set(0x0028, 0x9132, items: [window])
                frame.set(0x0028, 0x9145, items: [rescale])
                return frame
            })
    }
}
