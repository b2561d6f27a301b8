import Archive
import Basics
import Foundation
import Geometry
import Results

/// Studies as a department has them, the same in every run.
struct BenchSite {
    private static let families = ["Müller", "Smith", "García", "Nguyen", "Öztürk", "O'Brien", "Kowalski", "Tanaka", "Haddad", "Ivanova"]
    private static let given = ["Anna", "John", "María", "Linh", "Ayşe", "Séan", "Jan", "Yuki", "Omar", "Olga"]
    private static let labels = ["Pneumothorax", "Nodule", "Mass", "Effusion", "Atelectasis", "Cardiomegaly", "Infiltrate", "Pneumonia"]
    private let begin = Date(timeIntervalSince1970: 1_790_000_000)

    private func random(_ index: Int) -> SeededGenerator { SeededGenerator(seed: 7, stream: UInt64(index)) }

    func study(_ index: Int) -> Study {
        var random = random(index)
        let name = "\(Self.families[Int(random.next() % 10)])^\(Self.given[Int(random.next() % 10)])"
        let received = begin + Double(index) * 60
        return Study(
            id: StudyID(ofUID: "1.2.\(index)"), uid: "1.2.\(index)",
            patient: PatientIdentity(name: name, id: String(format: "P%07d", index / 2), birthDate: "1960-05-01", sex: "F"), patientAge: 54,
            studyDate: "2026-11-30", accessionNumber: "ACC\(index)", studyDescription: "CHEST PA", received: received,
            protocolName: "standard", standing: Standing(status: .waiting, due: received + 1_800, dueClass: "waiting"), modality: "DX")
    }

    func instance(_ index: Int) -> Instance {
        let digest = Digest(of: "bytes \(index)").hexadecimal
        return Instance(
            id: InstanceID(ofContent: digest), study: study(index).id, sopInstanceUID: "1.2.\(index).1",
            seriesInstanceUID: "1.2.\(index).2",
            name: String(format: "IM%06d.dcm", index), format: "DICOM", modality: "DX", view: "PA", columns: 3_000, rows: 3_000,
            size: 18_000_000,
            digest: digest, received: begin + Double(index) * 60)
    }

    /// A rule like a protocol's.
    private static let standing: @Sendable (StudyState) -> Standing = { state in
        let findings = (state.personReadings.last ?? state.modelReadings.values.first)?.content.findings ?? []
        let found = findings.map { FoundLabel(label: $0.label, score: $0.score, count: 1) }
        let status: StudyStatus =
            if let last = state.personReadings.last {
                last.status == .preliminary ? .reviewed : .signed
            } else if state.modelReadings.isEmpty {
                .waiting
            } else { .read }
        let allowance = found.contains { $0.label == "Pneumothorax" } ? 600.0 : found.isEmpty ? 14_400 : 7_200
        return Standing(
            status: status, due: state.study.received + allowance, dueClass: found.first?.label ?? "nothing_seen", findings: found)
    }

    func register(_ index: Int, in archive: SQLArchive) async throws {
        _ = try await archive.register(instance(index), in: study(index), jobKind: "read", standing: Self.standing)
    }

    private func findings(_ random: inout SeededGenerator) -> [ReadFinding] {
        var labels = Set<String>()
        while random.uniform() < 0.5 { labels.insert(Self.labels[Int(random.next() % 8)]) }
        return labels.sorted().enumerated().map { position, label in
            ReadFinding(
                id: "\(position + 1)", label: label, score: random.uniform(), probability: random.uniform(),
                box: Box(x: random.uniform(0...2_000), y: random.uniform(0...2_000), width: 300, height: 200))
        }
    }

    func read(_ job: Job, in archive: SQLArchive) async throws {
        var random = random(Int(job.id))
        let reading = Reading(
            study: job.study, instance: job.instance, reader: .model(name: "m", version: "1", digest: "d", precision: "f32"), made: Date(),
            content: .init(findings: findings(&random)))
        _ = try await archive.add(reading, completing: (job.id, "bench"), onlyAfterLatest: false, standing: Self.standing)
    }

    private func modelReading(_ index: Int, of study: StudyID) -> Reading {
        var random = random(index)
        let findings = findings(&random)
        let candidates = (0..<20).map { position in
            ReadFinding(
                id: "\(position + 1)", label: Self.labels[position % 8], score: random.uniform(), probability: random.uniform(),
                box: Box(x: random.uniform(0...2_000), y: random.uniform(0...2_000), width: 300, height: 200))
        }
        return Reading(
            study: study, instance: instance(index).id, reader: .model(name: "m", version: "1", digest: "d", precision: "f32"), made: begin,
            content: .init(findings: findings, candidates: candidates))
    }

    /// Of ten studies nine are read by the model, and six signed.
    func fill(_ archive: SQLArchive, _ indices: Range<Int>) async throws {
        try await together(callers: 32, each: (indices.count + 31) / 32) { number in
            let index = indices.lowerBound + number
            guard index < indices.upperBound else { return }
            try await register(index, in: archive)
            guard index % 10 != 0 else { return }
            let id = study(index).id
            let reading = modelReading(index, of: id)
            let last = try await archive.add(reading, completing: nil, onlyAfterLatest: false, standing: Self.standing)
            guard index % 10 < 7 else { return }
            let final = Reading(
                study: id, reader: .person("ann"), status: .final, made: begin + Double(index), basedOn: last,
                content: .init(findings: reading.content.findings, isComplete: true, comment: ""))
            _ = try await archive.add(final, completing: nil, onlyAfterLatest: true, standing: Self.standing)
        }
    }

    /// One study of many images, each registered and read in turn.
    /// - Returns: How long each took, in milliseconds.
    func series(of count: Int, number: Int, in archive: SQLArchive) async throws -> (registered: [Double], read: [Double]) {
        var times: (registered: [Double], read: [Double]) = ([], [])
        for slice in 0..<count {
            var instance = instance(number + slice)
            instance.study = study(number).id
            let start = ContinuousClock.now
            _ = try await archive.register(instance, in: study(number), jobKind: nil, standing: Self.standing)
            times.registered.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        for slice in 0..<count {
            let reading = modelReading(number + slice, of: study(number).id)
            let start = ContinuousClock.now
            _ = try await archive.add(reading, completing: nil, onlyAfterLatest: false, standing: Self.standing)
            times.read.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        return times
    }

    /// Jobs that several callers take at once, and do not do.
    /// - Returns: How many.
    func claim(callers: Int, each: Int, in archive: SQLArchive) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    for number in 0..<each {
                        let job = try await archive.claimJob(kind: "read", owner: "caller \(caller)", until: Date() + 60, now: Date())
                        if job == nil { return number }
                    }
                    return each
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// - Returns: How long each took, in milliseconds.
    func registerTogether(callers: Int, each: Int, from first: Int, in archive: SQLArchive) async throws -> [Double] {
        try await together(callers: callers, each: each) { try await register(first + $0, in: archive) }
    }

    @discardableResult private func together(
        callers: Int, each: Int, _ work: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> [Double] {
        try await withThrowingTaskGroup(of: [Double].self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var times: [Double] = []
                    for number in 0..<each {
                        let start = ContinuousClock.now
                        try await work(number * callers + caller)
                        times.append((ContinuousClock.now - start) / .milliseconds(1))
                    }
                    return times
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    var residentMegabytes: (now: Double, peak: Double)? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        func value(_ key: String) -> Double? {
            status.split(separator: "\n").first { $0.hasPrefix(key) }?.split(separator: " ").dropLast().last.flatMap { Double($0) }
        }
        guard let now = value("VmRSS"), let peak = value("VmHWM") else { return nil }
        return (now / 1_024, peak / 1_024)
    }
}
