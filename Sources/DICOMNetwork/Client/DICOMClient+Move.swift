import CDICOMNetwork

extension DICOMClient {
    /// C-MOVE in the study-root model: the peer sends a study, a series or an instance to the node that it knows by `destination`.
    ///
    /// The objects come on associations of their own, most of them before this returns.
    /// - Parameter progress: Returns whether to go on; `false` sends C-CANCEL.
    /// - Returns: The last counts. Where `failed` is not 0, the status is a warning (B000) or a failure, and nothing is thrown as long as some completed.
    @discardableResult
    public func move(
        study studyInstanceUID: String, series seriesInstanceUID: String? = nil, instance sopInstanceUID: String? = nil,
        to destination: String,
        cancellation: Cancellation? = nil, progress: (MoveProgress) -> Bool = { _ in true }
    ) throws -> MoveProgress {
        guard let title = ApplicationEntityTitle.normalised(destination) else {
            throw DICOMNetworkError(.badSettings, "an application entity's title has 1 to 16 characters of ASCII")
        }
        var keys = [("StudyInstanceUID", studyInstanceUID)]
        var level = "STUDY"
        if let seriesInstanceUID {
            keys.append(("SeriesInstanceUID", seriesInstanceUID))
            level = "SERIES"
            if let sopInstanceUID {
                keys.append(("SOPInstanceUID", sopInstanceUID))
                level = "IMAGE"
            }
        }
        keys.append(("QueryRetrieveLevel", level))
        let names = CStrings(keys.map(\.0)), values = CStrings(keys.map(\.1))
        var last = CDICOMMoveProgress()
        let error = try withoutActuallyEscaping(progress) { progress in
            let moving = Moving(progress: progress)
            return try withExtendedLifetime((names, values, moving)) {
                try problem(cancellation) { client, problem in
                    names.withPointers { names in
                        values.withPointers { values in
                            var attributes = CDICOMAttributes(names: names, values: values, count: keys.count)
                            return CDICOMMove(
                                client, InformationModel.studyRootMove.rawValue, &attributes, title,
                                Unmanaged.passUnretained(moving).toOpaque(),
                                { context, progress in
                                    guard let context, let progress else { return false }
                                    return Unmanaged<Moving>.fromOpaque(context).takeUnretainedValue().progress(
                                        MoveProgress(progress.pointee))
                                }, &last, problem)
                        }
                    }
                }
            }
        }
        if let error, !(error.code == .refused && last.completed > 0) { throw error }
        return MoveProgress(last)
    }
}

private final class Moving {
    let progress: (MoveProgress) -> Bool
    init(progress: @escaping (MoveProgress) -> Bool) { self.progress = progress }
}

extension MoveProgress {
    fileprivate init(_ progress: CDICOMMoveProgress) {
        remaining = Int(progress.remaining)
        completed = Int(progress.completed)
        failed = Int(progress.failed)
        warning = Int(progress.warning)
        status = DIMSEStatus(progress.status)
    }
}
