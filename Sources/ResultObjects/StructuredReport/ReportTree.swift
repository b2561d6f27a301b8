import DICOM
import Geometry
import Results
import Terminology

/// The content of a report by TID 1500, Imaging Measurement Report (PS3.16).
struct ReportTree {
    private let content: ResultContent

    init(_ content: ResultContent) { self.content = content }

    var root: ContentItem {
        var children = [ContentItem(.hasConceptModifier, .language, .code(content.words.language))]
        children += observers
        children.append(ContentItem(.hasConceptModifier, .procedureReported, .code(.chestRadiograph)))
        children.append(library)
        var groups = content.images.flatMap { image in image.findings.map { group($0, on: image) } }
        for image in content.images { if let ratio = image.image.ratio { groups.append(group(ratio, on: image)) } }
        // An empty container breaks readers.
        if !groups.isEmpty { children.append(ContentItem(.contains, .imagingMeasurements, .container(template: nil), groups)) }
        children.append(ContentItem(.contains, .qualitativeEvaluations, .container(template: nil), evaluations))
        return ContentItem(.contains, .report, .container(template: "1500"), children)
    }

    /// Observation Context (TID 1001): the model, the person, or both.
    var observers: [ContentItem] {
        var items: [ContentItem] = []
        func add(_ name: Code, _ value: ContentItem.Value) { items.append(ContentItem(.hasObservationContext, name, value)) }
        if let model = content.result.reader.model {
            add(.observerType, .code(.device))
            add(.deviceObserverUID, .uid(content.deviceUID))
            add(.deviceObserverName, .text(content.algorithmName))
            add(.deviceObserverManufacturer, .text(content.own(content.options.manufacturer)))
            add(.deviceObserverModelName, .text(content.algorithmName))
            add(.deviceObserverSerialNumber, .text(String(model.digest.prefix(32))))
        }
        if let person = content.result.reader.person {
            add(.observerType, .code(.person))
            add(.personObserverName, .personName(ConformantText.personName(ofAccount: content.own(person)) ?? "-"))
        }
        return items
    }

    /// Image Library (TID 1600); its entries have no concept name (TID 1601).
    var library: ContentItem {
        let entries = content.images.filter { $0.sopClassUID != nil }.map { ContentItem(.contains, nil, .image($0)) }
        let group = ContentItem(.contains, .imageLibraryGroup, .container(template: nil), entries)
        return ContentItem(.contains, .imageLibrary, .container(template: "1600"), entries.isEmpty ? [] : [group])
    }

    /// Planar ROI Measurements and Qualitative Evaluations (TID 1410).
    private func group(_ finding: ResultFinding, on image: SourceImage) -> ContentItem {
        let tracking = ResultContent.trackingUID(of: finding, in: content.result)
        var items = [
            ContentItem(.hasObservationContext, .trackingIdentifier, .text(content.own(finding.id))),
            ContentItem(.hasObservationContext, .trackingUID, .uid(tracking)),
            ContentItem(.contains, .finding, .code(own(content.terminology.finding(finding.label).preferred))),
        ]
        if let (site, side) = content.terminology.site(of: finding) {
            let laterality = side.map { [ContentItem(.hasConceptModifier, .laterality, .code(own($0)))] } ?? []
            items.append(ContentItem(.hasConceptModifier, .findingSite, .code(own(site)), laterality))
        }
        // Of the group, not of the region: there validators take it for an error, and readers look for it here.
        items.append(ContentItem(.contains, .geometricPurpose, .code(.boundedBy)))
        if finding.decision != .added, content.result.reader.model != nil {
            items.append(ContentItem(.hasConceptModifier, .algorithmName, .text(content.algorithmName)))
            items.append(ContentItem(.hasConceptModifier, .algorithmVersion, .text(content.algorithmVersion)))
        }
        let box = finding.box
        let (x0, y0, x1, y1) = (Float(box.x), Float(box.y), Float(box.maxX), Float(box.maxY))
        items.append(
            ContentItem(
                .contains, .imageRegion, .outline([x0, y0, x1, y0, x1, y1, x0, y1, x0, y0]),
                [ContentItem(.selectedFrom, .originalSource, .image(image))]))
        if let score = finding.score { items.append(share(.certainty, score, by: .detectorScore)) }
        if let probability = finding.probability { items.append(share(.probability, probability, by: .calibration)) }
        if let decision = finding.decision {
            items.append(ContentItem(.contains, .reviewDecision, .code(.decision(decision.rawValue))))
        }
        if let other = finding.alternativeTo { items.append(comment(content.words.alternative(other))) }
        if finding.isExperimental { items.append(comment(content.words.experimental)) }
        return ContentItem(.contains, .measurementGroup, .container(template: "1410"), items)
    }

    /// Measurement and Qualitative Evaluation Group (TID 1501): the cardiothoracic ratio, inferred from its two lines (TID 300, TID 320).
    private func group(_ ratio: ResultRatio, on image: SourceImage) -> ContentItem {
        func line(_ name: Code, _ line: ResultRatio.Line) -> ContentItem {
            let (left, right, y) = (Float(line.left), Float(line.right), Float(line.y))
            return ContentItem(
                .inferredFrom, name, .outline([left, y, right, y]), [ContentItem(.selectedFrom, .originalSource, .image(image))])
        }
        var items = [
            ContentItem(.hasObservationContext, .trackingIdentifier, .text("CTR \(image.number)")),
            ContentItem(.hasObservationContext, .trackingUID, .uid(content.ratioUID(image))),
            ContentItem(.hasConceptModifier, .findingSite, .code(.heart)),
        ]
        if content.result.reader.model != nil {
            items.append(ContentItem(.hasConceptModifier, .algorithmName, .text(content.algorithmName)))
            items.append(ContentItem(.hasConceptModifier, .algorithmVersion, .text(content.algorithmVersion)))
        }
        items.append(
            ContentItem(
                .contains, .cardiothoracicRatio, .number(ratio.value, unit: .noUnits),
                [
                    ContentItem(.hasProperties, .ratioError, .number(ratio.error, unit: .noUnits)), line(.heartLine, ratio.heart),
                    line(.thoraxLine, ratio.thorax),
                ]))
        return ContentItem(.contains, .measurementGroup, .container(template: "1501"), items)
    }

    /// A share as percents, with the method that says what it means.
    func share(_ name: Code, _ share: Double, by method: Code) -> ContentItem {
        ContentItem(
            .contains, name, .number(100 * share, unit: .percent), [ContentItem(.hasConceptModifier, .measurementMethod, .code(method))])
    }

    /// What is said of the study as a whole: the notice always.
    private var evaluations: [ContentItem] {
        var items: [ContentItem] = []
        if content.isSilenceMeaningful { items.append(ContentItem(.contains, .finding, .code(.noAbnormality))) }
        items.append(comment(StudyResult.notice))
        items += content.remarks.map(comment)
        if !content.result.text.isEmpty { items.append(comment(content.result.text)) }
        return items
    }

    func comment(_ text: String) -> ContentItem {
        ContentItem(.contains, .comment, .text(ConformantText.lines(content.own(text), limit: 100_000)))
    }

    func own(_ code: Code) -> Code { Code(code.value, code.scheme, content.own(code.meaning)) }
}
