import CStructuredReport
import DICOM
import Foundation
import Geometry
import Results
import Terminology

extension ResultProof {
    /// Pixels.
    private static let tolerance = 0.01

    func check(_ object: ResultObject, against result: StudyResult, masks: [ResultMask], source: (String) throws -> Data?) throws {
        let name = object.kind.rawValue
        func differs(_ what: String) -> ResultObjectError { ResultObjectError(.differs, "\(name): \(what)") }
        let reading = try ResultReading(object.bytes)
        guard reading.kind == object.kind, reading.sopInstanceUID == object.sopInstanceUID, reading.sopClassUID == object.sopClassUID,
            reading.seriesInstanceUID == object.seriesInstanceUID
        else { throw differs("it is another object than it is said to be") }
        guard reading.studyInstanceUID == result.study.uid, object.studyInstanceUID == result.study.uid else {
            throw differs("it is of another study")
        }
        let read = result.images.filter(\.wasRead)
        let about = object.image.map { uid in result.images.filter { $0.sopInstanceUID == uid } } ?? result.images
        guard !about.isEmpty else { throw differs("it is about an image that the result lacks") }
        let referred = Set(reading.images.map(\.sopInstanceUID))
        let wanted = Set(about.filter(\.wasRead).map(\.sopInstanceUID))
        guard wanted.isSubset(of: referred), referred.isSubset(of: Set(about.map(\.sopInstanceUID))) else {
            throw differs("it refers to other images")
        }
        try compareSeries(reading, about, differs)
        try comparePatient(reading, about, source, differs)
        guard reading.texts.contains(where: { $0.contains(StudyResult.notice) }) else { throw differs("the notice is missing") }
        switch object.kind {
        case .structuredReport: try checkReport(object, reading, result, differs)
        case .segmentation: return try compareMasks(object, masks.filter { $0.image == object.image }, differs)
        case .secondaryCapture: try PictureProof(object, images: about, findings: result.findings).check()
        case .presentationState, .encapsulatedDocument: break
        }
        let expected = object.image.map { result.findings(on: $0) } ?? result.findings
        try compare(reading, with: Self.isFirst(object, reading, read) ? expected : [], result, differs)
    }

    /// Of an image with several frames, the findings are on the first that was read.
    private static func isFirst(_ object: ResultObject, _ reading: ResultReading, _ read: [ResultImage]) -> Bool {
        guard let uid = object.image, let first = read.first(where: { $0.sopInstanceUID == uid }) else { return true }
        return (reading.images.first?.frame ?? 1) == (first.frame ?? 1)
    }

    private func compareSeries(_ reading: ResultReading, _ images: [ResultImage], _ differs: (String) -> ResultObjectError) throws {
        for found in reading.images {
            guard let series = found.seriesInstanceUID else { continue }
            guard images.contains(where: { $0.sopInstanceUID == found.sopInstanceUID && $0.seriesInstanceUID == series }) else {
                throw differs("an image is referred to in another series")
            }
        }
    }

    /// What the images' headers say in plain ASCII must be what the object says, or its beginning, or be left out.
    private func comparePatient(
        _ reading: ResultReading, _ images: [ResultImage], _ source: (String) throws -> Data?, _ differs: (String) -> ResultObjectError
    ) throws {
        for image in images {
            guard let bytes = try source(image.sopInstanceUID), let header = try? DICOMFile(bytes).dataset else { continue }
            for (tag, said) in [
                (Tag.patientID, reading.patient.id), (.patientName, reading.patient.name), (.accessionNumber, reading.accessionNumber),
            ] {
                guard let said, let raw = header.rawText(tag), raw.allSatisfy({ (0x20...0x7E).contains($0) && $0 != 0x5C }) else {
                    continue
                }
                let known = String(decoding: raw, as: UTF8.self)
                let isSame = tag == .patientName ? known.hasPrefix(said) : known == said
                guard isSame else { throw differs("patient or order is another than in an image's header") }
            }
        }
    }

    private func checkReport(
        _ object: ResultObject, _ reading: ResultReading, _ result: StudyResult, _ differs: (String) -> ResultObjectError
    ) throws {
        var items = 0
        var reason = ""
        let isValid = object.bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
                let isValid = CStructuredReportIsValid(bytes.baseAddress, bytes.count, &items, buffer.baseAddress, buffer.count)
                if !isValid, let start = buffer.baseAddress { reason = String(cString: start) }
                return isValid
            }
        }
        guard isValid, items > 0 else { throw differs("the report breaks a rule of its SOP class (\(reason))") }
        guard (reading.status != .preliminary) == result.isSigned else { throw differs("it is as binding as the result is not") }
        guard (reading.verifier != nil) == result.isSigned else {
            throw differs("the person who signed is missing, or named though nobody signed")
        }
        let ratios = result.images.filter { $0.wasRead && $0.ratio != nil }
        guard reading.ratios.count == ratios.count,
            zip(reading.ratios, ratios).allSatisfy({ $0.image == $1.sopInstanceUID && $1.ratio?.isNear($0.ratio) == true })
        else { throw differs("a cardiothoracic ratio") }
        if let model = result.reader.model {
            guard reading.algorithm != nil,
                reading.findings.isEmpty || !model.version.allSatisfy(\.isASCII)
                    || result.findings.allSatisfy({ $0.decision == .added }) || reading.algorithm?.version == model.version
            else { throw differs("the algorithm's name or version") }
        }
    }

    private func compare(
        _ reading: ResultReading, with findings: [ResultFinding], _ result: StudyResult, _ differs: (String) -> ResultObjectError
    ) throws {
        guard reading.findings.count == findings.count else {
            throw differs("it has \(reading.findings.count) findings, not \(findings.count)")
        }
        var left = findings
        for found in reading.findings {
            // A presentation state has no ids, but the order.
            let place = found.id == nil ? 0 : left.firstIndex { ConformantText.ascii($0.id) == found.id || $0.id == found.id }
            guard let place, place < left.count else { throw differs("a finding has another id") }
            let finding = left.remove(at: place)
            func wrong(_ what: String) -> ResultObjectError { differs("finding \(ConformantText.ascii(finding.id)): \(what)") }
            guard found.image == finding.image else { throw wrong("it is on another image") }
            let image = result.images.first { $0.sopInstanceUID == finding.image && $0.wasRead }
            // The lines of a document name no frame.
            guard reading.kind == .encapsulatedDocument || (found.frame ?? 1) == (image?.frame ?? 1) else {
                throw wrong("it is on another frame")
            }
            let concept = terminology.finding(finding.label).preferred
            if let code = found.code {
                guard code.value == concept.value, code.scheme == concept.scheme else { throw wrong("its code") }
            } else {
                guard found.label == finding.label || found.label == ConformantText.ascii(finding.label) else { throw wrong("its label") }
            }
            try compareBox(found.box, finding.box, image, wrong)
            try compareShare(found.score, finding.score, isShown: reading.kind == .presentationState) { wrong("its score") }
            if reading.kind != .presentationState {
                try compareShare(found.probability, finding.probability, isShown: false) { wrong("its probability") }
            }
        }
    }

    private func compareBox(_ found: Box?, _ box: Box, _ image: ResultImage?, _ wrong: (String) -> ResultObjectError) throws {
        let box = image.map { box.clipped(toWidth: Double($0.columns), height: Double($0.rows)) } ?? box
        guard let found, abs(found.x - box.x) <= Self.tolerance, abs(found.y - box.y) <= Self.tolerance,
            abs(found.maxX - box.maxX) <= Self.tolerance, abs(found.maxY - box.maxY) <= Self.tolerance
        else { throw wrong("its box") }
    }

    /// - Parameter isShown: With two decimals, never rounded up to 1.
    private func compareShare(_ found: Double?, _ share: Double?, isShown: Bool, _ wrong: () -> ResultObjectError) throws {
        guard let found, let share else {
            if (found == nil) != (share == nil) { throw wrong() }
            return
        }
        guard abs(found - share) <= (isShown ? 0.010_001 : 0.000_01) else { throw wrong() }
    }

    private func compareMasks(_ object: ResultObject, _ masks: [ResultMask], _ differs: (String) -> ResultObjectError) throws {
        let segments = try SegmentationReading(DICOMFile(object.bytes).dataset).segments()
        guard segments.count == masks.count else { throw differs("it has \(segments.count) segments, not \(masks.count)") }
        for (segment, mask) in zip(segments, masks) {
            let code = terminology.finding(mask.label).preferred
            guard segment.code?.value == code.value, segment.code?.scheme == code.scheme else { throw differs("a segment's code") }
            guard segment.columns == mask.columns, segment.pixels.count == mask.pixels.count,
                zip(segment.pixels, mask.pixels).allSatisfy({ ($0 != 0) == ($1 != 0) })
            else { throw differs("a segment's pixels") }
        }
    }
}
