import Foundation
import Geometry
import Results
import Terminology

extension ResultResources {
    var observationStatus: R4.ObservationStatus {
        switch result.status {
        case .preliminary: .preliminary
        case .final: .final
        case .amended: options.saysCorrected ? .corrected : .amended
        }
    }

    /// A finding keeps its identifier for as long as its study lives, so that a later reading takes the place of an earlier one.
    func observationIdentifier(_ finding: String) -> R4.Identifier {
        R4.Identifier(system: options.systems.observation, value: result.study.uid + "/" + finding)
    }

    /// What every observation of the result has.
    private func observation(_ identifier: String) -> R4.Observation {
        var observation = R4.Observation(status: observationStatus, code: R4.CodeableConcept(terminology.code(.finding), terminology))
        observation.meta = R4.Meta(tag: [research])
        observation.identifier = [observationIdentifier(identifier)]
        observation.basedOn = basedOn
        observation.category = [R4.CodeableConcept(coding: [R4.Coding(system: Self.categories, code: "imaging", display: "Imaging")])]
        observation.subject = subject
        observation.encounter = encounter
        observation.effective = started.map { .dateTime($0) }
        observation.issued = R4.Instant(result.issued)
        observation.performer = readers.orNil
        observation.device = deviceReference
        observation.derivedFrom = [R4.Reference(reference: address("study"), type: "ImagingStudy")]
        observation.note = [R4.Annotation(text: StudyResult.notice)]
        return observation
    }

    /// - Throws: `FHIRError` of code `badResult` for a box or score that is no number.
    func observation(_ finding: ResultFinding) throws -> R4.Observation {
        let concept = terminology.finding(finding.label)
        var observation = self.observation(finding.id)
        observation.value = .codeableConcept(R4.CodeableConcept(concept.codes, text: PlainText.clean(finding.label), terminology))
        if finding.isExperimental {
            observation.note =
                (observation.note ?? []) + [R4.Annotation(text: "Experimental: the model has learnt this finding from few examples.")]
        }
        observation.method = R4.CodeableConcept(terminology.method, terminology)
        let (zone, side) = (finding.place?.zone?.rawValue, finding.place?.side?.rawValue)
        if zone != nil || side != nil {
            // A zone's code of SNOMED CT has no side, so the side stands in a component of its own.
            observation.bodySite = R4.CodeableConcept(
                terminology.siteCodes(zone: zone, side: side), text: Self.words(zone: zone, side: side), terminology)
        } else if let site = concept.site {
            observation.bodySite = R4.CodeableConcept(site, terminology)
        }
        var components: [R4.Observation.Component] = []
        func add(_ name: ConceptName, _ value: R4.ObservationValue?) {
            if let value {
                components.append(R4.Observation.Component(code: R4.CodeableConcept(terminology.code(name), terminology), value: value))
            }
        }
        add(.score, try percent(finding.score))
        add(.probability, try percent(finding.probability))
        add(.imageReference, .string(finding.image))
        if let frame = result.images.first(where: { $0.sopInstanceUID == finding.image })?.frame { add(.frameReference, .integer(frame)) }
        add(.boxLeft, try quantity(finding.box.x, .pixels))
        add(.boxTop, try quantity(finding.box.y, .pixels))
        add(.boxWidth, try quantity(finding.box.width, .pixels))
        add(.boxHeight, try quantity(finding.box.height, .pixels))
        if let side, let code = terminology.laterality(side: side) {
            add(.laterality, .codeableConcept(R4.CodeableConcept(code, terminology)))
        }
        add(.decision, finding.decision.map { .string($0.rawValue) })
        add(.alternativeTo, finding.alternativeTo.map { .string($0) })
        observation.component = components
        return observation
    }

    /// The names of the observations of cardiothoracic ratios, and their images. Findings are called otherwise: theirs begin with a digit.
    var ratioObservations: [(id: String, image: ResultImage, ratio: ResultRatio)] {
        result.images.enumerated().compactMap { number, image in image.ratio.map { ("ratio.\(number + 1)", image, $0) } }
    }

    /// - Throws: `FHIRError` of code `badResult` for a value that is no number.
    func observation(_ ratio: ResultRatio, id: String, image: ResultImage) throws -> R4.Observation {
        var observation = self.observation(id)
        observation.code = R4.CodeableConcept(terminology.code(.cardiothoracicRatio), terminology)
        func number(_ value: Double, _ unit: ConceptName, _ word: String) throws -> R4.ObservationValue {
            guard let value = R4.Decimal(value) else { throw FHIRError(.badResult, "a cardiothoracic ratio is no number") }
            return .quantity(quantity(value, unit, word))
        }
        observation.value = try number(ratio.value, .noUnits, "1")
        observation.method = R4.CodeableConcept(terminology.method, terminology)
        let heart = terminology.finding("Cardiomegaly").site
        observation.bodySite = heart.map { R4.CodeableConcept($0, terminology) }
        observation.note = (observation.note ?? []) + [R4.Annotation(text: "By masks of heart and lungs.")]
        func component(_ name: ConceptName, _ value: R4.ObservationValue) -> R4.Observation.Component {
            R4.Observation.Component(code: R4.CodeableConcept(terminology.code(name), terminology), value: value)
        }
        func line(_ line: ResultRatio.Line) -> R4.ObservationValue {
            .string([line.left, line.right, line.y].map { "\($0)" }.joined(separator: " "))
        }
        observation.component = [
            component(.ratioError, try number(ratio.error, .noUnits, "1")), component(.imageReference, .string(image.sopInstanceUID)),
            component(.heartLine, line(ratio.heart)), component(.thoraxLine, line(ratio.thorax)),
        ]
        return observation
    }

    /// What is said where there is no finding: that nothing was found, but only where every image was read without a doubt.
    var nothingFound: R4.Observation {
        var observation = self.observation("none")
        observation.bodySite = terminology.site(zone: nil, side: nil).map { R4.CodeableConcept($0, terminology) }
        observation.method = R4.CodeableConcept(terminology.method, terminology)
        if isSilenceMeant {
            observation.value = .codeableConcept(R4.CodeableConcept(terminology.code(.noAbnormality), terminology))
        } else {
            let (code, display) = result.images.contains(where: \.wasRead) ? ("unknown", "Unknown") : ("error", "Error")
            observation.dataAbsentReason = R4.CodeableConcept(
                coding: [R4.Coding(system: Self.absences, code: code, display: display)],
                text: "not every image could be read without a doubt")
        }
        observation.note = (observation.note ?? []) + doubts.map { R4.Annotation(text: $0) }
        return observation
    }

    /// Whether no finding means that there is none to be seen.
    var isSilenceMeant: Bool { !result.images.isEmpty && result.images.allSatisfy { $0.wasRead && $0.doubt == nil } }

    /// Why images were not read, each reason once.
    var doubts: [String] {
        var seen: [String] = []
        for doubt in result.images.compactMap({ PlainText.line($0.doubt) }) where !seen.contains(doubt) { seen.append(doubt) }
        return seen
    }

    /// An observation of an earlier result that the present one does not have any more.
    func withdrawn(_ identifier: String, wasSigned: Bool) -> R4.Observation {
        var observation = self.observation(identifier)
        observation.status = wasSigned ? .enteredInError : .cancelled
        observation.note = (observation.note ?? []) + [R4.Annotation(text: "A later reading does not have this finding.")]
        return observation
    }

    static func words(zone: String?, side: String?) -> String {
        switch (zone, side) {
        case (let zone?, "both"): "\(zone) zones of both lungs"
        case (let zone?, let side?): "\(zone) zone of the \(side) lung"
        case (let zone?, nil): "\(zone) zone of a lung"
        case (nil, "both"): "both lungs"
        case (nil, let side?): "\(side) lung"
        case (nil, nil): "lungs"
        }
    }

    private func percent(_ share: Double?) throws -> R4.ObservationValue? {
        guard let share else { return nil }
        guard let value = R4.Decimal(share) else { throw FHIRError(.badResult, "a score is no number") }
        return .quantity(quantity(R4.Decimal(value.value * 100), .percent, "%"))
    }

    private func quantity(_ number: Double, _ unit: ConceptName) throws -> R4.ObservationValue {
        guard let value = R4.Decimal(number) else { throw FHIRError(.badResult, "an edge of a box is no number") }
        return .quantity(quantity(value, unit, "pixels"))
    }

    private func quantity(_ value: R4.Decimal, _ unit: ConceptName, _ word: String) -> R4.Quantity {
        let code = terminology.code(unit)
        return R4.Quantity(value: value, unit: word, system: terminology.scheme(code.scheme)?.uri, code: code.value)
    }
}
