import Archive
import Basics
import Foundation
import Geometry

// bench-archive [STUDIES [FOLDER]]: fills an archive and prints how long a department's questions take, in milliseconds, and what memory it needs.
// A folder that is named is kept, and used again when it is filled already.

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000
let named = CommandLine.arguments.dropFirst(2).first.map { URL(fileURLWithPath: $0) }
let folder = named ?? FileManager.default.temporaryDirectory.appendingPathComponent("bench-archive-\(UUID().uuidString)")
defer { if named == nil { try? FileManager.default.removeItem(at: folder) } }
// With PLEURA_DATABASE, libpq's address of a database, the same over PostgreSQL.
let database = ProcessInfo.processInfo.environment["PLEURA_DATABASE"]
let archive: SQLArchive =
    if let database { try await PostgreSQLArchive(database, folder: folder, connections: 16) } else { try SQLiteArchive(folder: folder) }
let site = BenchSite()

func milliseconds(since start: ContinuousClock.Instant) -> Double { (ContinuousClock.now - start) / .milliseconds(1) }

func line(_ name: String, _ times: [Double]) {
    let sorted = times.sorted()
    let (median, late) = (sorted[sorted.count / 2], sorted[min(sorted.count - 1, sorted.count * 95 / 100)])
    print(name.padding(toLength: 46, withPad: " ", startingAt: 0), String(format: "median %8.2f   95 %% %8.2f", median, late))
}

func measure(_ name: String, _ repeats: Int = 25, _ work: (Int) async throws -> Void) async throws {
    var times: [Double] = []
    for index in 0..<repeats {
        let start = ContinuousClock.now
        try await work(index)
        times.append(milliseconds(since: start))
    }
    line(name, times)
}

let there = try await archive.statusCounts().values.reduce(0, +)
if there < count {
    let start = ContinuousClock.now
    try await site.fill(archive, there..<count)
    print(String(format: "filled with %d studies in %.1f s", count - there, milliseconds(since: start) / 1_000))
}
print(
    "studies by status:",
    try await archive.statusCounts().sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \($0.value)" })

try await measure("list: all") { _ in _ = try await archive.worklist(WorklistQuery()) }
let open: Set<StudyStatus> = [.waiting, .read, .failed, .reviewed]
try await measure("list: open") { _ in _ = try await archive.worklist(WorklistQuery(statuses: open)) }
try await measure("list: signed") { _ in _ = try await archive.worklist(WorklistQuery(statuses: [.signed])) }
try await measure("list: failed and signed") { _ in _ = try await archive.worklist(WorklistQuery(statuses: [.failed, .signed])) }
var place: String?
for _ in 0..<min(100, count / 1_000) { place = try await archive.worklist(WorklistQuery(after: place, limit: 500)).next }
try await measure("list: a page after \(min(100, count / 1_000) * 500) studies") { [place] _ in
    _ = try await archive.worklist(WorklistQuery(after: place))
}
try await measure("list: finding") { _ in _ = try await archive.worklist(WorklistQuery(finding: .label("Pneumothorax"))) }
try await measure("list: finding, open") { _ in
    _ = try await archive.worklist(WorklistQuery(statuses: open, finding: .label("Pneumothorax")))
}
try await measure("list: no finding") { _ in _ = try await archive.worklist(WorklistQuery(finding: .none)) }
for words in ["muller", "müll anna", "p0004321", "p00", "p0000", "p", "chest", "ches", "chest pa dcm", "anna chest", "nobodyhasit"] {
    try await measure("search: \(words)") { _ in _ = try await archive.worklist(WorklistQuery(words: words)) }
}
try await measure("search: chest, after a page") { [place] _ in _ = try await archive.worklist(WorklistQuery(words: "chest", after: place))
}
try await measure("search: chest, finding") { _ in
    _ = try await archive.worklist(WorklistQuery(words: "chest", finding: .label("Pneumothorax")))
}
try await measure("counts") { _ in _ = try await archive.statusCounts() }
try await measure("study, its images, readings and priors") { index in
    let id = site.study(index * 37 % count).id
    _ = try await (archive.study(id), archive.instances(of: id), archive.readings(of: id), archive.priors(of: id, limit: 20))
}
try await measure("waiting jobs counted") { _ in _ = try await archive.jobCount(state: .waiting) }

let more = (try await archive.statusCounts()).values.reduce(0, +)
try await measure("register, one at a time", 200) { try await site.register(more + $0, in: archive) }
try await measure("audit entry, one at a time", 200) {
    try await archive.appendAudit([AuditEvent(user: "ann", action: "study.view", detail: "\($0)")])
}
for callers in [1, 8, 64] {
    let start = ContinuousClock.now
    let times = try await site.registerTogether(callers: callers, each: 1_280 / callers, from: more + 200 + callers * 2_000, in: archive)
    line("register, \(callers) callers", times)
    print(String(format: "    %.0f a second", Double(times.count) / milliseconds(since: start) * 1_000))
}
try await measure("claim and complete a job", 200) { _ in
    guard let job = try await archive.claimJob(kind: "read", owner: "bench", until: Date() + 60, now: Date()) else { return }
    try await site.read(job, in: archive)
}
let claiming = ContinuousClock.now
let claimed = try await site.claim(callers: 16, each: 100, in: archive)
print(String(format: "16 callers claim %d jobs: %.0f a second", claimed, Double(claimed) / milliseconds(since: claiming) * 1_000))
let series = ContinuousClock.now
let (registered, wasRead) = try await site.series(of: 500, number: more + 999_999, in: archive)
print(String(format: "a study of 500 images in %.1f s", milliseconds(since: series) / 1_000))
line("    register", registered)
line("    read", wasRead)
let checking = ContinuousClock.now
print("structural faults:", try await archive.structuralFaults(), String(format: "in %.1f s", milliseconds(since: checking) / 1_000))
print("memory in MB:", site.residentMegabytes.map { String(format: "%.0f now, %.0f at most", $0.now, $0.peak) } ?? "not known")
