import Archive
import Basics
import Foundation
import Results
import Triage

/// What readings say, as results for other systems.
struct StudyResults: Sendable {
    let archive: any Archive
    let settings: @Sendable () -> SiteSettings
    /// Where a person sees a study.
    let link: @Sendable (StudyID) -> String?
    let language: String

    /// What is due so soon is to be told at once, in minutes.
    private static let urgentMinutes = 15.0

    /// A reading, with all that a result is made of.
    struct Material: Sendable {
        var study: Study
        var instances: [Instance]
        var readings: [Reading]
        var reading: Reading
        var order: ClinicalOrder?
    }

    /// - Throws: `ArchiveError` of code `notFound`.
    func material(reading id: Int64, of study: StudyID) async throws -> Material {
        guard let found = try await archive.study(study) else { throw ArchiveError(.notFound, "there is no such study") }
        // What came after it is not part of what is said with it.
        let readings = try await archive.readings(of: study).filter { $0.id <= id }
        guard let reading = readings.last, reading.id == id else { throw ArchiveError(.notFound, "there is no such reading") }
        return Material(
            study: found, instances: try await archive.instances(of: study), readings: readings, reading: reading,
            order: try await archive.order(of: study))
    }

    /// What was said of the study before a reading: by the one before it that was told to anybody. A person's unfinished work is told to nobody.
    func before(_ material: Material) -> Material? {
        let told = material.readings.dropLast().filter { !$0.reader.isPerson || $0.status != .preliminary }
        guard let last = told.last else { return nil }
        var before = material
        before.reading = last
        before.readings = material.readings.filter { $0.id <= last.id }
        return before
    }

    func result(_ material: Material, scope: ResultScope) -> StudyResult {
        let (study, reading) = (material.study, material.reading)
        let spoken = spokenOf(material, scope: scope)
        let instances = material.instances.filter { spoken[$0.id] != nil || reading.reader.isPerson }
        let findings = instances.flatMap { found(on: $0, material, spoken[$0.id]) }
        let minutes = settings().readingProtocol(study.protocolName).allowances
        let isUrgent = study.urgency == .stat || findings.contains { (minutes.findings[$0.label] ?? minutes.other) <= Self.urgentMinutes }
        let language = ReportWords.of(language)
        return StudyResult(
            identifier: identifier(material, scope: scope), revision: reading.id, status: Self.status(reading),
            issued: Date(timeIntervalSince1970: reading.made.timeIntervalSince1970.rounded(.down)),
            reader: Self.reader(reading, spoken: material.readings), patient: study.patient,
            study: ResultStudy(
                uid: study.uid, date: study.studyDate, accessionNumber: study.accessionNumber, description: study.studyDescription,
                modality: study.modality, received: study.received),
            order: material.order?.details,
            images: instances.map { Self.image($0, spoken[$0.id], isPerson: reading.reader.isPerson, language) },
            findings: findings.sorted { ($1.score ?? 1, $0.id) < ($0.score ?? 1, $1.id) }, text: text(material), language: self.language,
            link: link(study.id), isUrgent: isUrgent)
    }

    /// The model's readings that the result speaks of.
    private func spokenOf(_ material: Material, scope: ResultScope) -> [InstanceID: Reading] {
        if scope == .reading, let instance = material.reading.instance { return [instance: material.reading] }
        return Dictionary(
            material.readings.compactMap { reading in reading.instance.map { ($0, reading) } }, uniquingKeysWith: { $1 })
    }

    /// Messages about a study name its order, so another order makes other messages; objects do not.
    private func identifier(_ material: Material, scope: ResultScope) -> String {
        let reading = material.reading
        var parts = [material.study.uid, String(reading.id), String(Int(reading.made.timeIntervalSince1970))]
        if scope == .study { parts += ["study", material.order?.key ?? ""] }
        return String(Digest(of: parts.joined(separator: "\n")).hexadecimal.prefix(32))
    }

    private static func status(_ reading: Reading) -> StudyResult.Status {
        guard reading.reader.isPerson else { return .preliminary }
        return switch reading.status {
        case .preliminary: .preliminary
        case .final: .final
        case .amended: .amended
        }
    }

    private static func reader(_ reading: Reading, spoken: [Reading]) -> ResultReader {
        let models = spoken.compactMap { reading -> ResultReader.Model? in
            guard case .model(let name, let version, let digest, _) = reading.reader else { return nil }
            return ResultReader.Model(name: name, version: version, digest: digest)
        }
        if case .person(let name) = reading.reader { return ResultReader(model: models.last, person: name) }
        return ResultReader(model: models.last)
    }

    /// What masks measured is the model's alone: a person says it in the report, or not.
    private static func image(_ instance: Instance, _ reading: Reading?, isPerson: Bool, _ words: ReportWords) -> ResultImage {
        var image = ResultImage(
            sopInstanceUID: instance.sopInstanceUID, sopClassUID: instance.sopClassUID, seriesInstanceUID: instance.seriesInstanceUID,
            modality: instance.modality, view: instance.view, orientation: instance.orientation, columns: instance.columns,
            rows: instance.rows, frame: instance.frames > 1 ? 1 : nil,
            doubt: isPerson ? nil : reading?.content.error ?? reading.flatMap(Standings.doubt),
            wasRead: isPerson || (reading != nil && reading?.content.error == nil))
        guard !isPerson, let content = reading?.content, content.error == nil else { return image }
        image.ratio = content.ratio.flatMap { ratio in
            guard let heart = ratio.heart, let thorax = ratio.thorax else { return nil }
            return ResultRatio(
                value: ratio.value, error: ratio.error, heart: .init(left: heart.left, right: heart.right, y: heart.y),
                thorax: .init(left: thorax.left, right: thorax.right, y: thorax.y))
        }
        image.remarks = (content.anatomy?.notes ?? []).map { $0.text(in: words.remarks) }
        image.remarks += (content.quality ?? []).map { $0.text(in: words.remarks) }
        return image
    }

    private func found(on instance: Instance, _ material: Material, _ model: Reading?) -> [ResultFinding] {
        let number = (material.instances.firstIndex { $0.id == instance.id } ?? 0) + 1
        let person = material.reading.reader.isPerson ? material.reading : nil
        let found = (person ?? model)?.content.findings.filter { $0.instance == nil || $0.instance == instance.id } ?? []
        return found.map { finding in
            ResultFinding(
                id: "\(number).\(finding.id)", label: finding.label, image: instance.sopInstanceUID, box: finding.box,
                score: finding.decision == .added || finding.decision == .relabelled ? nil : finding.score,
                probability: finding.probability,
                place: finding.place(on: instance),
                alternativeTo: finding.alternativeTo.map { "\(number).\($0)" },
                decision: finding.decision.flatMap { ResultFinding.Decision(rawValue: $0.rawValue) }, isExperimental: finding.isExperimental
            )
        }
    }

    private func text(_ material: Material) -> String {
        if let written = material.reading.content.text, !written.isEmpty { return written }
        return ReportText(ReportWords.of(language))(
            study: material.study, instances: material.instances, readings: material.readings,
            reading: material.reading.reader.isPerson ? material.reading.id : nil)
    }
}

/// The files of a study's images.
struct ArchivedSources: ResultSources {
    let content: ContentStore
    let digests: [String: String]

    init(_ content: ContentStore, _ instances: [Instance]) {
        self.content = content
        digests = Dictionary(instances.map { ($0.sopInstanceUID, $0.digest) }, uniquingKeysWith: { first, _ in first })
    }

    func file(of sopInstanceUID: String) throws -> Data? { try digests[sopInstanceUID].map { try content.bytes(of: $0) } }
}
