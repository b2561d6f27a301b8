import DICOM
import Foundation
import Geometry
import Results
import Terminology

/// Nodules as a Comprehensive 3D SR by TID 1500, a TID 1411 group each that refers to its segment.
struct NoduleReportObject {
    private let content: ResultContent
    private let nodules: [ResultNodule]
    private let segmentation: ResultObject?

    init(_ content: ResultContent, _ nodules: [ResultNodule], segmentation: ResultObject?) {
        (self.content, self.nodules, self.segmentation) = (content, nodules, segmentation)
    }

    func object() throws -> ResultObject {
        let draft = try ObjectDraft(
            .structuredReport, sopClassUID: "1.2.840.10008.5.1.4.1.1.88.34", content: content, image: nil, title: "AI nodules",
            detail: "nodules|\(segmentation?.sopInstanceUID ?? "")")
        let dataset = draft.dataset
        draft.contentTime()
        dataset.setEmptySequence(.referencedPerformedProcedureStepSequence)
        let general = try StructuredReport(content, predecessor: nil)
        general.describeScheme(dataset)
        general.describeStatus(dataset)
        general.describeOrder(dataset)
        let evidence = general.describeEvidence(dataset)
        if let segmentation {
            let series = evidence.append(.referencedSeriesSequence)
            series.set(.seriesInstanceUID, segmentation.seriesInstanceUID)
            let item = series.append(.referencedSOPSequence)
            item.set(.referencedSOPClassUID, segmentation.sopClassUID)
            item.set(.referencedSOPInstanceUID, segmentation.sopInstanceUID)
        }
        root.writeContent(to: dataset)
        return try draft.object()
    }

    private var root: ContentItem {
        let tree = ReportTree(content)
        var children = [ContentItem(.hasConceptModifier, .language, .code(content.words.language))]
        children += tree.observers
        children.append(ContentItem(.hasConceptModifier, .procedureReported, .code(.chestTomography)))
        children.append(tree.library)
        if let segmentation {
            let groups = nodules.enumerated().map { group($1, segment: $0 + 1, of: segmentation, tree) }
            children.append(ContentItem(.contains, .imagingMeasurements, .container(template: nil), groups))
        }
        var evaluations: [ContentItem] = []
        if nodules.isEmpty { evaluations.append(tree.comment(content.words.nothingFound)) }
        evaluations.append(tree.comment(StudyResult.notice))
        if !content.result.text.isEmpty { evaluations.append(tree.comment(content.result.text)) }
        children.append(ContentItem(.contains, .qualitativeEvaluations, .container(template: nil), evaluations))
        return ContentItem(.contains, .report, .container(template: "1500"), children)
    }

    /// Volumetric ROI Measurements and Qualitative Evaluations (TID 1411).
    private func group(_ nodule: ResultNodule, segment: Int, of segmentation: ResultObject, _ tree: ReportTree) -> ContentItem {
        let finding = ResultFinding(
            id: nodule.id, label: NoduleLabel.name, image: "", box: Box(x: 0, y: 0, width: 1, height: 1), place: nodule.place)
        var items = [
            ContentItem(.hasObservationContext, .trackingIdentifier, .text(content.own(nodule.id))),
            ContentItem(.hasObservationContext, .trackingUID, .uid(NoduleLabel.trackingUID(of: nodule, in: content.result))),
            ContentItem(.contains, .finding, .code(tree.own(content.terminology.finding(NoduleLabel.name).preferred))),
        ]
        // Of the concept, not of the group: readers look for it as a modifier.
        if let (site, side) = content.terminology.site(of: finding) {
            let laterality = side.map { [ContentItem(.hasConceptModifier, .laterality, .code(tree.own($0)))] } ?? []
            items.append(ContentItem(.hasConceptModifier, .findingSite, .code(tree.own(site)), laterality))
        }
        if content.result.reader.model != nil {
            items.append(ContentItem(.hasConceptModifier, .algorithmName, .text(content.algorithmName)))
            items.append(ContentItem(.hasConceptModifier, .algorithmVersion, .text(content.algorithmVersion)))
        }
        items.append(
            ContentItem(
                .contains, .referencedSegment,
                .segment(sopClass: segmentation.sopClassUID, sopInstance: segmentation.sopInstanceUID, number: segment)))
        items.append(ContentItem(.contains, .sourceSeries, .uid(content.images[0].seriesInstanceUID)))
        items.append(ContentItem(.contains, .volume, .number(nodule.volume, unit: .cubicMillimetre)))
        items.append(
            ContentItem(
                .contains, .diameter, .number(nodule.meanDiameter, unit: .millimetre),
                [ContentItem(.hasConceptModifier, .derivation, .code(.mean))]))
        items.append(ContentItem(.contains, .longAxis, .number(nodule.longAxis, unit: .millimetre)))
        items.append(ContentItem(.contains, .shortAxis, .number(nodule.shortAxis, unit: .millimetre)))
        if let score = nodule.score { items.append(tree.share(.certainty, score, by: .detectorScore)) }
        if let kind = nodule.kind { items.append(ContentItem(.contains, .noduleKind, .code(.kind(kind)))) }
        return ContentItem(.contains, .measurementGroup, .container(template: "1411"), items)
    }
}

extension ConceptCode {
    fileprivate static let chestTomography = Code("169069000", "SCT", "CT of chest")
    fileprivate static let referencedSegment = Code("121191", "DCM", "Referenced Segment")
    fileprivate static let sourceSeries = Code("121232", "DCM", "Source series for segmentation")
    fileprivate static let volume = Code("118565006", "SCT", "Volume")
    fileprivate static let diameter = Code("81827009", "SCT", "Diameter")
    fileprivate static let longAxis = Code("103339001", "SCT", "Long Axis")
    fileprivate static let shortAxis = Code("103340004", "SCT", "Short Axis")
    fileprivate static let derivation = Code("121401", "DCM", "Derivation")
    fileprivate static let mean = Code("373098007", "SCT", "Mean")
    fileprivate static let millimetre = Code("mm", "UCUM", "millimeter")
    fileprivate static let cubicMillimetre = Code("mm3", "UCUM", "cubic millimeter")
    // What the standard has no code for that is sure.
    fileprivate static let noduleKind = Code("NODULEKIND", "99PLEURA", "Kind of a nodule by its density")
    fileprivate static func kind(_ word: String) -> Code {
        Code(word.uppercased().replacing("-", with: ""), "99PLEURA", "\(word.prefix(1).uppercased())\(word.dropFirst()) nodule")
    }
}
