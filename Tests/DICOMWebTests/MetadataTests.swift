import Basics
import DICOMWeb
import Foundation
import PleuraTesting
import Testing

/// The header as JSON equals pydicom's, element for element.
@Suite struct MetadataTests {
    @Test func theOraclesAreLaid() { #expect(WebCorpus.all.count > 200) }

    @Test func metadataEqualPydicoms() throws {
        for sample in WebCorpus.all {
            let file = try sample.file
            let metadata = try InstanceMetadata(file, bulkDataURI: "https://host/bulkdata")
            #expect(metadata.transferSyntax == sample.transferSyntax, "\(sample.name)")
            #expect((try? JSONSerialization.jsonObject(with: metadata.json)) != nil, "\(sample.name)")
            var ours = try metadata.dataset()
            ours.elements = ours.elements.filter { $0.key.tag >> 16 != 0x7FE0 }
            let theirs = try DICOMJSON(sample.json)
            let isBig = sample.transferSyntax == "1.2.840.10008.1.2.2"
            let differences = Self.differences(ours, theirs, isBig: isBig, at: "")
            #expect(differences.isEmpty, "\(sample.name): \(differences.prefix(3))")
            #expect(metadata.omittedValues == 0, "\(sample.name)")
        }
    }

    @Test func valuesAgreeWithThoseReadBack() throws {
        for sample in WebCorpus.all.prefix(80) {
            let dataset = try DICOMJSON(sample.json)
            #expect(try DICOMJSON(dataset.data) == dataset, "\(sample.name)")
        }
    }

    /// Which elements differ, but for what the two writers may write in different ways: a number's digits, blanks at the end, an empty
    /// value.
    private static func differences(_ ours: DICOMJSON, _ theirs: DICOMJSON, isBig: Bool, at path: String) -> [String] {
        var found: [String] = []
        for attribute in Set(ours.elements.keys).union(theirs.elements.keys).sorted() {
            let place = path + attribute.description
            guard let our = ours[attribute], let their = theirs[attribute] else {
                found.append("\(place) is only \(ours[attribute] == nil ? "theirs" : "ours")")
                continue
            }
            if our.representation != their.representation { found.append("\(place) VR") }
            // The character set is that of the JSON; pydicom leaves the file's.
            if attribute.tag == 0x0008_0005, !their.values.isEmpty {
                if our.values != [.text("ISO_IR 192")] { found.append("\(place) character set") }
                continue
            }
            if our.representation == "SQ" {
                let (items, others) = (ours.items(attribute), theirs.items(attribute))
                if items.count != others.count { found.append("\(place) items") }
                for (index, pair) in zip(items, others).enumerated() {
                    found += differences(pair.0, pair.1, isBig: isBig, at: "\(place)/\(index + 1)/")
                }
            } else if our.bulkDataURI != nil {
                if their.inlineBinary == nil && !isBig { found.append("\(place) is bulk data") }
            } else if our.inlineBinary != their.inlineBinary && !isBig {
                found.append("\(place) bytes")
            } else {
                let (values, others) = (our.values.map(comparable), their.values.map(comparable))
                let count = max(values.count, others.count)
                let padded = { (list: [Comparable]) in list + Array(repeating: Comparable.text(""), count: count - list.count) }
                if !zip(padded(values), padded(others)).allSatisfy(isEqual) { found.append("\(place) \(our.values) for \(their.values)") }
            }
        }
        return found
    }

    private enum Comparable: Equatable { case text(String), number(Double) }

    private static func comparable(_ value: DICOMJSON.Value) -> Comparable {
        switch value {
        case .integer(let number): .number(Double(number))
        case .number(let number): .number(number)
        case .null: .text("")
        default:
            .text(
                (value.text ?? "").split(separator: "=", omittingEmptySubsequences: false).map { part in
                    String(part.reversed().drop { $0 == "^" || $0 == " " }.reversed())
                }.joined(separator: "="))
        }
    }

    private static func isEqual(_ pair: (Comparable, Comparable)) -> Bool {
        if case (.number(let one), .number(let other)) = pair { return abs(one - other) <= 1e-6 * max(abs(one), abs(other)) }
        return pair.0 == pair.1
    }
}

/// Frames equal what pydicom takes out, and what no one should be handed is refused.
@Suite struct FrameTests {
    @Test func framesEqualPydicoms() throws {
        var (count, encapsulated) = (0, 0)
        for sample in WebCorpus.all where !sample.frames.isEmpty {
            let frames = try StoredFrames(sample.file)
            #expect(frames.frameCount == sample.frames.count, "\(sample.name)")
            for (index, digest) in sample.frames.enumerated() {
                #expect(Digest(of: try frames.bytes(ofFrame: index + 1)).hexadecimal == digest, "\(sample.name) frame \(index + 1)")
                count += 1
            }
            if Representation.frameType(of: sample.transferSyntax) != "application/octet-stream" { encapsulated += 1 }
            #expect(throws: DICOMWebError(.notFound, "")) { try frames.bytes(ofFrame: sample.frames.count + 1) }
            #expect(throws: DICOMWebError(.notFound, "")) { try frames.bytes(ofFrame: 0) }
        }
        #expect(count > 250 && encapsulated > 50)
    }

    @Test func bulkDataAreWhatMetadataRefersTo() throws {
        var count = 0
        for sample in WebCorpus.all {
            let file = try sample.file
            let inline = try InstanceMetadata(file, bulkDataURI: "b", inlineLimit: .max).dataset()
            for (path, element) in Self.bulk(try InstanceMetadata(file, bulkDataURI: "b").dataset()) where !path.hasPrefix("7FE0") {
                #expect(element.bulkDataURI == "b/\(path)")
                let value = try BulkData.bytes(of: file, path: path)
                if let text = Self.element(path, in: inline)?.inlineBinary {
                    #expect(Data(base64Encoded: text) == value, "\(sample.name) \(path)")
                }
                count += 1
            }
        }
        #expect(count > 10)
        let file = try #require(WebCorpus.all.first).file
        for path in ["", "00100010", "7FE00010/1", "00081140/0/00081155", "00081140/9/00081155", "xyz", "/", "00081140/1"] {
            #expect(throws: DICOMWebError.self) { try BulkData.bytes(of: file, path: path) }
        }
    }

    private static func bulk(_ dataset: DICOMJSON, path: String = "") -> [(String, DICOMJSON.Element)] {
        dataset.elements.flatMap { attribute, element -> [(String, DICOMJSON.Element)] in
            let place = path + attribute.description
            if element.bulkDataURI != nil { return [(place, element)] }
            return dataset.items(attribute).enumerated().flatMap { bulk($1, path: "\(place)/\($0 + 1)/") }
        }
    }

    private static func element(_ path: String, in dataset: DICOMJSON) -> DICOMJSON.Element? {
        let parts = path.split(separator: "/")
        guard let attribute = DICOMAttribute(parts[0]) else { return nil }
        guard parts.count > 2, let number = Int(parts[1]) else { return dataset[attribute] }
        let items = dataset.items(attribute)
        return items.indices.contains(number - 1) ? element(parts.dropFirst(2).joined(separator: "/"), in: items[number - 1]) : nil
    }

    @Test func listsOfFramesAreNumbers() throws {
        #expect(try StoredFrames.numbers("1,3,2") == [1, 3, 2])
        #expect(try StoredFrames.numbers("1%2C2") == [1, 2])
        for text in ["", "0", "1,,2", "-1", "a", "1;2", "99999999999999999999"] {
            #expect(throws: DICOMWebError.self) { try StoredFrames.numbers(text) }
        }
    }
}
