import Archive
import Findings
import Triage

/// Where a study stands in the worklist: what follows from its state and its protocol.
struct Standings: Sendable {
    let settings: SiteSettings

    func callAsFunction(_ state: StudyState) -> Standing {
        let study = state.study
        let signed = state.personReadings.last { $0.status != .preliminary }
        let latest = state.personReadings.last
        let openJobs = state.openJobs.filter { $0.kind == ModelReading.jobKind }
        let isWaiting = openJobs.contains { $0.state == .waiting || $0.state == .running }
        let failedJob = openJobs.first { $0.state == .failed }
        let errors = state.instances.compactMap { state.modelReadings[$0]?.content.error }
        let failure = failedJob?.lastError ?? errors.first
        let doubt = state.instances.compactMap { state.modelReadings[$0].flatMap(Self.doubt) }.first
        // An image that was read after the signature makes the study open again.
        let isNewer = { (reading: Reading?) in
            guard let reading else { return false }
            return state.modelReadings.values.contains { $0.id > reading.id }
        }
        // What a person has said of all images takes the place of what the model could not.
        let isJudged = latest != nil && !isNewer(latest)
        let found = Self.findings(latest.map { isNewer($0) ? nil : $0 } ?? nil, of: state)
        let status: StudyStatus =
            if signed != nil, !isWaiting, !isNewer(signed) {
                .signed
            } else if isWaiting {
                .waiting
            } else if failure != nil, !(latest != nil && !isNewer(latest)) {
                .failed
            } else if latest != nil, !isNewer(latest) {
                .reviewed
            } else {
                .read
            }
        let due = DueDate.of(
            arrival: study.received, urgency: study.urgency == .stat ? .stat : .routine, classes: found.map(\.label),
            isFailed: (failure != nil || doubt != nil) && !isJudged, isWaiting: isWaiting,
            allowances: settings.readingProtocol(study.protocolName).allowances)
        return Standing(status: status, due: due.due, dueClass: due.class, findings: found, failure: failure ?? (isJudged ? nil : doubt))
    }

    /// Why nothing follows from it that the model has seen nothing: an image that it is not made for.
    static func doubt(_ reading: Reading) -> String? {
        let content = reading.content
        return zip(content.warningCodes, content.warnings).first { outsideUse.contains($0.0) }?.1
    }

    private static let outsideUse: Set<String> = [
        ImageWarning.Code.notAChest, .headerOutsideUse, .ageOutsideUse, .tooFewPixels, .tooNarrow, .unlikeDomain,
    ].reduce(into: []) { $0.insert($1.rawValue) }

    /// Best first: a person's, or else the model's.
    private static func findings(_ person: Reading?, of state: StudyState) -> [FoundLabel] {
        let all = person?.content.findings ?? state.instances.flatMap { state.modelReadings[$0]?.content.findings ?? [] }
        return Dictionary(grouping: all, by: \.label).map { label, found in
            let best = found.max { $0.score < $1.score }
            return FoundLabel(label: label, score: best?.score ?? 0, probability: best?.probability, count: found.count)
        }
        .sorted { ($1.score, $0.label) < ($0.score, $1.label) }
    }
}
