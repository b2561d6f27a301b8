import Basics
import DICOM
import Findings
import Foundation
import PleuraTesting
import Testing

/// Values in the modality's own scale, before any window: Hounsfield units of CT.
@Suite struct ModalityImageTests {
    private static func values(_ image: ModalityImage) -> [Double] {
        (0..<image.height).flatMap { row in (0..<image.width).map { image.value(row: row, column: $0) ?? .nan } }
    }

    @Test(arguments: DICOMCorpus.shared.images.filter { $0.modalityValues != nil })
    func valuesEqualThoseOfPydicom(_ image: DICOMCorpus.Image) throws {
        let found = try DICOMInstance(DICOMCorpus.bytes(image.file)).modalityImage(frame: image.frame)
        let expected = try DICOMCorpus.oracle.doubles(#require(image.modalityValues))
        #expect(found.width == image.width && found.height == image.height)
        let values = Self.values(found)
        try #require(values.count == expected.count)
        // Lossy codecs round in ways of their own.
        let isLossy = ["jpeg-baseline", "jpeg-extended", "JPGExtended", "near-lossless", "lossy"].contains { image.file.contains($0) }
        let tolerance = image.tolerance > 1 || isLossy ? Double(max(2, image.tolerance)) * max(1, found.slope.magnitude) : 1e-9
        for (index, (value, wanted)) in zip(values, expected).enumerated() {
            let isRight =
                value.isNaN || wanted.isNaN ? value.isNaN == wanted.isNaN : abs(value - wanted) <= tolerance
            guard isRight else {
                Issue.record("pixel \(index): \(value), pydicom has \(wanted)")
                return
            }
        }
    }

    /// Every slice of a real scan, where this machine has one.
    @Test(.enabled(if: Repository.realData != nil, "the real images are not on this machine"))
    func hounsfieldUnitsOfARealScanEqualThoseOfPydicom() throws {
        let folder = try #require(Repository.realData).appendingPathComponent("lidc-0001")
        let python = Repository.root.appendingPathComponent(".engines/oracles-venv/bin/python").path
        let script = Repository.root.appendingPathComponent("Tests/Oracles/modality_values.py").path
        let said = try Shell.run(program: python, ["-B", script, folder.path])
        let expected = try JSONDecoder().decode([String: String].self, from: Data(said.output.utf8))
        #expect(expected.count > 100)
        for (name, sum) in expected {
            let instance = try DICOMInstance(Data(contentsOf: folder.appendingPathComponent(name), options: .mappedIfSafe))
            let values = Self.values(try instance.modalityImage())
            // numpy's NaN and Swift's are the same bits.
            #expect(values.withUnsafeBytes { Digest(of: Data($0)) }.hexadecimal == sum, "\(name)")
        }
        #expect(try DICOMInstance(Data(contentsOf: folder.appendingPathComponent(#require(expected.keys.min())))).header().modality == "CT")
    }

    @Test func anImageInColourHasNone() throws {
        let colour = try #require(DICOMCorpus.shared.images.first { $0.modalityValues == nil })
        #expect(throws: (any Error).self) { try DICOMInstance(DICOMCorpus.bytes(colour.file)).modalityImage() }
    }

    /// The table of tags says what the data dictionary says; DCMTK's is here.
    @Test func tagsAreThoseOfTheDataDictionary() throws {
        let table = try String(
            contentsOf: Repository.root.appendingPathComponent("Sources/DICOM/DataElements/data_elements.csv"), encoding: .utf8)
        let found = try Shell.run("cat /usr/share/libdcmtk*/dicom.dic").output
        var dictionary: [String: (representation: String, keyword: String)] = [:]
        for line in found.split(separator: "\n") where line.hasPrefix("(") {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count >= 3 else { continue }
            dictionary[fields[0].filter { !"(),".contains($0) }.uppercased()] = (fields[1], fields[2])
        }
        try #require(dictionary.count > 4_000)
        // Newer than Debian's dictionary.
        let newer: Set = ["0008001C"]
        // Of several representations, the one that is written.
        let several = ["xs": "US", "lt": "OW", "px": "OW"]
        let rows = table.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map(String.init) }
        #expect(rows.count > 80)
        for row in rows where !newer.contains(row[0]) {
            let known = try #require(dictionary[row[0]], "\(row[0])")
            #expect(known.keyword == row[1] && (several[known.representation] ?? known.representation) == row[2], "\(row)")
        }
        let made = try String(
            contentsOf: Repository.root.appendingPathComponent("Sources/DICOM/DataSet/Tag+DataElements.swift"), encoding: .utf8)
        #expect(made.matches(of: #/static let/#).count == rows.count, "run make data-elements")
    }
}
