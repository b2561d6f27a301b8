import Terminology

/// What the OBX segments of a result are called in OBX-3.
struct ObservationCodes: Sendable {
    let terminology: Terminology

    private func code(_ name: ConceptName) -> ConceptCode { terminology.code(name) }

    var finding: ConceptCode { code(.finding) }
    var site: ConceptCode { code(.findingSite) }
    var laterality: ConceptCode { code(.laterality) }
    var score: ConceptCode { code(.score) }
    var probability: ConceptCode { code(.probability) }
    var image: ConceptCode { code(.imageReference) }
    var decision: ConceptCode { code(.decision) }
    var alternative: ConceptCode { code(.alternativeTo) }
    var study: ConceptCode { code(.study) }
    var report: ConceptCode { code(.radiologyReport) }
    var algorithm: ConceptCode { code(.algorithmName) }
    var algorithmVersion: ConceptCode { code(.algorithmVersion) }
    var ratio: ConceptCode { code(.cardiothoracicRatio) }
    var ratioError: ConceptCode { code(.ratioError) }
    var heartLine: ConceptCode { code(.heartLine) }
    var thoraxLine: ConceptCode { code(.thoraxLine) }
    var noAbnormality: ConceptCode { code(.noAbnormality) }
    // What only messages of HL7 need.
    let box = ConceptCode("BOX", CodingScheme.local, "Box: left, top, width, height")
    let identifier = ConceptCode("ID", CodingScheme.local, "Identifier of the finding")
    let result = ConceptCode("RESULT", CodingScheme.local, "Identifier of the result")
    let digest = ConceptCode("MODELDIGEST", CodingScheme.local, "SHA-256 of the model")
    let notice = ConceptCode("NOTICE", CodingScheme.local, "Notice")
    let doubt = ConceptCode("DOUBT", CodingScheme.local, "Why the image says nothing")
    let remark = ConceptCode("REMARK", CodingScheme.local, "What concerns reading the image")
    let link = ConceptCode("LINK", CodingScheme.local, "Page of the study")

    /// How each decision of a person is coded.
    static func decision(_ name: String) -> ConceptCode { ConceptCode(name.uppercased(), CodingScheme.local, name) }
}
