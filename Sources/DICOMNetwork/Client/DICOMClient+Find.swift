import CDICOMNetwork

extension DICOMClient {
    /// What bytes above 127 mean in an answer that names no character set: a setting of the site. What is valid UTF-8 is taken as that.
    public static let usualCharacterSet = "ISO_IR 100"

    /// An information model of C-FIND and C-MOVE (PS3.4 C.6, K.6).
    public enum InformationModel: String, Sendable {
        case worklist = "1.2.840.10008.5.1.4.31"
        case studyRootFind = "1.2.840.10008.5.1.4.1.2.2.1"
        case studyRootMove = "1.2.840.10008.5.1.4.1.2.2.2"
        case patientRootFind = "1.2.840.10008.5.1.4.1.2.1.1"
    }

    /// C-FIND with any keys; an empty value matches all and is asked back.
    /// - Parameters:
    ///   - limit: Answers after which the query is cancelled.
    ///   - characterSet: A defined term (PS3.3 C.12.1.1.2), see `usualCharacterSet`.
    public func find(
        _ keys: [String: String], in model: InformationModel, limit: Int = 10_000, characterSet: String = usualCharacterSet,
        cancellation: Cancellation? = nil
    ) throws -> [QueryAnswer] {
        let names = CStrings(keys.keys.sorted()), values = CStrings(keys.keys.sorted().map { keys[$0] ?? "" })
        let finding = Finding(limit: max(1, limit))
        try withExtendedLifetime((names, values, finding)) {
            try call(cancellation) { destination, problem in
                names.withPointers { names in
                    values.withPointers { values in
                        var attributes = CDICOMAttributes(names: names, values: values, count: keys.count)
                        return CDICOMFind(
                            destination, model.rawValue, &attributes, characterSet, Unmanaged.passUnretained(finding).toOpaque(),
                            { context, answer in
                                guard let context, let answer else { return false }
                                return Unmanaged<Finding>.fromOpaque(context).takeUnretainedValue().take(QueryAnswer(answer.pointee))
                            }, problem)
                    }
                }
            }
        }
        return finding.answers
    }

    /// What is scheduled.
    public func worklist(
        _ query: WorklistQuery, limit: Int = 10_000, characterSet: String = usualCharacterSet, cancellation: Cancellation? = nil
    ) throws -> [WorklistEntry] {
        try find(query.keys, in: .worklist, limit: limit, characterSet: characterSet, cancellation: cancellation).map(WorklistEntry.init)
    }

    /// Studies that the peer knows, such as priors of a patient.
    public func studies(
        _ query: StudyQuery, limit: Int = 10_000, characterSet: String = usualCharacterSet, cancellation: Cancellation? = nil
    ) throws -> [StudyMatch] {
        try find(query.keys, in: .studyRootFind, limit: limit, characterSet: characterSet, cancellation: cancellation).map(StudyMatch.init)
    }

    public func series(
        ofStudy studyInstanceUID: String, modality: String? = nil, characterSet: String = usualCharacterSet,
        cancellation: Cancellation? = nil
    ) throws -> [SeriesMatch] {
        var keys = ["QueryRetrieveLevel": "SERIES", "StudyInstanceUID": studyInstanceUID, "Modality": modality ?? ""]
        for name in ["SeriesInstanceUID", "SeriesNumber", "SeriesDescription", "BodyPartExamined", "NumberOfSeriesRelatedInstances"] {
            keys[name] = ""
        }
        return try find(keys, in: .studyRootFind, characterSet: characterSet, cancellation: cancellation).map(SeriesMatch.init)
    }

    public func instances(
        ofStudy studyInstanceUID: String, series seriesInstanceUID: String, cancellation: Cancellation? = nil
    ) throws -> [InstanceMatch] {
        let keys = [
            "QueryRetrieveLevel": "IMAGE", "StudyInstanceUID": studyInstanceUID, "SeriesInstanceUID": seriesInstanceUID,
            "SOPInstanceUID": "", "SOPClassUID": "", "InstanceNumber": "",
        ]
        return try find(keys, in: .studyRootFind, cancellation: cancellation).map(InstanceMatch.init)
    }
}

/// The answers to one call; used on the caller's thread alone.
private final class Finding {
    private(set) var answers: [QueryAnswer] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    func take(_ answer: QueryAnswer) -> Bool {
        answers.append(answer)
        return answers.count < limit
    }
}

extension QueryAnswer {
    fileprivate init(_ attributes: CDICOMAttributes) {
        var values: [String: String] = [:]
        for index in 0..<attributes.count { values[text(attributes.names[index])] = text(attributes.values[index]) }
        self.init(values: values)
    }
}
