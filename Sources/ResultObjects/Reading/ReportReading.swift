import DICOM
import Foundation
import Geometry
import Results
import Terminology

/// A Structured Report by TID 1500, ours or another maker's: its measurement groups with regions (PS3.16 TID 1410, 1411, 1501).
struct ReportReading {
    private let root: DICOMItem

    init(_ dataset: DICOMItem) { root = dataset }

    func read(into reading: inout ResultReading) {
        reading.status = status
        reading.verifier = root.item(.verifyingObserverSequence)?.unicodeText(.verifyingObserverName)
        for study in root.items(.currentRequestedProcedureEvidenceSequence) {
            for series in study.items(.referencedSeriesSequence) {
                let uid = series.text(.seriesInstanceUID)
                reading.images += series.items(.referencedSOPSequence).compactMap { ObjectReading.image($0, series: uid) }
            }
        }
        var name: String?
        var version: String?
        walk(root) { item, inGroup in
            if isNamed(item, .deviceObserverName), name == nil { name = item.unicodeText(.textValue) }
            if isNamed(item, .algorithmName) { name = item.unicodeText(.textValue) ?? name }
            if isNamed(item, .algorithmVersion) { version = item.unicodeText(.textValue) ?? version }
            if !inGroup, item.text(.valueType) == "TEXT", item.text(.relationshipType) == "CONTAINS",
                let text = item.unicodeText(.textValue)
            {
                reading.texts.append(text.replacingOccurrences(of: "\r\n", with: "\n"))
            }
            if isGroup(item) {
                if let ratio = ratio(item) { reading.ratios.append(ratio) } else { reading.findings += findings(item) }
            }
        }
        if let name { reading.algorithm = ResultReader.Model(name: name, version: version ?? "", digest: "") }
    }

    private var status: StudyResult.Status {
        let isFinal = root.text(.preliminaryFlag).map { $0 == "FINAL" } ?? (root.text(.verificationFlag) == "VERIFIED")
        guard isFinal else { return .preliminary }
        return root.item(.predecessorDocumentsSequence) == nil ? .final : .amended
    }

    private func walk(_ item: DICOMItem, inGroup: Bool = false, _ visit: (DICOMItem, Bool) -> Void) {
        for child in item.items(.contentSequence) {
            visit(child, inGroup)
            walk(child, inGroup: inGroup || isGroup(child), visit)
        }
    }

    private func isNamed(_ item: DICOMItem, _ name: Code) -> Bool {
        guard let found = ObjectReading.code(item, .conceptNameCodeSequence) else { return false }
        return found.value == name.value && found.scheme == name.scheme
    }

    private func isGroup(_ item: DICOMItem) -> Bool { item.text(.valueType) == "CONTAINER" && isNamed(item, .measurementGroup) }

    /// The cardiothoracic ratio of a group that is one.
    private func ratio(_ group: DICOMItem) -> ResultReading.Ratio? {
        guard let item = group.items(.contentSequence).first(where: { isNamed($0, .cardiothoracicRatio) }) else { return nil }
        func number(_ item: DICOMItem?) -> Double? { item?.item(.measuredValueSequence)?.number(.numericValue) }
        func child(_ name: Code) -> DICOMItem? { item.items(.contentSequence).first { isNamed($0, name) } }
        func line(_ name: Code) -> ResultRatio.Line? {
            guard let found = child(name), let left = found.number(.graphicData, at: 0), let y = found.number(.graphicData, at: 1),
                let right = found.number(.graphicData, at: 2)
            else { return nil }
            return ResultRatio.Line(left: left, right: right, y: y)
        }
        guard let value = number(item), let error = number(child(.ratioError)), let heart = line(.heartLine),
            let thorax = line(.thoraxLine)
        else { return nil }
        let source = child(.heartLine)?.items(.contentSequence).first { $0.text(.valueType) == "IMAGE" }?.item(.referencedSOPSequence)
        return ResultReading.Ratio(
            image: source?.text(.referencedSOPInstanceUID), ratio: ResultRatio(value: value, error: error, heart: heart, thorax: thorax))
    }

    /// One for each region of the group; one without a box where it has none.
    private func findings(_ group: DICOMItem) -> [ResultReading.Finding] {
        var finding = ResultReading.Finding(label: "")
        var regions: [DICOMItem] = []
        for item in group.items(.contentSequence) {
            if isNamed(item, .trackingIdentifier) { finding.id = item.unicodeText(.textValue) }
            if isNamed(item, .trackingUID) { finding.trackingUID = item.text(.uid) }
            if isNamed(item, .finding) { finding.code = ObjectReading.code(item, .conceptCodeSequence) }
            if isNamed(item, .findingSite) { finding.site = ObjectReading.code(item, .conceptCodeSequence) }
            if isNamed(item, .certainty) || isNamed(item, Code("111013", "DCM", "")) { finding.score = share(item) }
            if isNamed(item, .probability) { finding.probability = share(item) }
            if item.text(.valueType) == "SCOORD" { regions.append(item) }
        }
        finding.label = finding.code?.meaning ?? finding.id ?? ""
        guard !regions.isEmpty else { return [finding] }
        return regions.map { region in
            var found = finding
            found.box = box(region)
            let source = region.items(.contentSequence).first { $0.text(.valueType) == "IMAGE" }?.item(.referencedSOPSequence)
            found.image = source?.text(.referencedSOPInstanceUID)
            found.frame = source?.integer(.referencedFrameNumber)
            return found
        }
    }

    /// A number in percent, or without a unit, as a share.
    private func share(_ item: DICOMItem) -> Double? {
        guard let measured = item.item(.measuredValueSequence), let value = measured.number(.numericValue) else { return nil }
        let unit = ObjectReading.code(measured, .measurementUnitsCodeSequence)?.value
        let share = unit == "%" ? value / 100 : value
        return unit == "%" || unit == "1" || unit == nil ? (0...1).contains(share) ? share : nil : nil
    }

    /// Around a shape of PS3.3 C.18.6.1.2.
    private func box(_ region: DICOMItem) -> Box? {
        var numbers: [Double] = []
        while numbers.count < 100_000, let number = region.number(.graphicData, at: numbers.count) { numbers.append(number) }
        let points = stride(from: 0, to: numbers.count - 1, by: 2).map { (x: numbers[$0], y: numbers[$0 + 1]) }
        guard let first = points.first else { return nil }
        switch region.text(.graphicType) {
        case "CIRCLE" where points.count >= 2:
            let radius = hypot(points[1].x - first.x, points[1].y - first.y)
            return Box(x0: first.x - radius, y0: first.y - radius, x1: first.x + radius, y1: first.y + radius)
        case "ELLIPSE" where points.count >= 4:
            // The ends of both axes: half the extent is the root of the halves' squares.
            let half = { (a: Double, b: Double, c: Double, d: Double) in hypot((b - a) / 2, (d - c) / 2) }
            let width = half(first.x, points[1].x, points[2].x, points[3].x)
            let height = half(first.y, points[1].y, points[2].y, points[3].y)
            let (x, y) = ((first.x + points[1].x) / 2, (first.y + points[1].y) / 2)
            return Box(x0: x - width, y0: y - height, x1: x + width, y1: y + height)
        default:
            return points.dropFirst().reduce(Box(x0: first.x, y0: first.y, x1: first.x, y1: first.y)) { box, point in
                Box(x0: min(box.x, point.x), y0: min(box.y, point.y), x1: max(box.maxX, point.x), y1: max(box.maxY, point.y))
            }
        }
    }
}
