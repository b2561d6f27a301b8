import Archive
import ArchiveConformance
import Foundation

// archive-worker FOLDER fill FROM COUNT | archive-worker FOLDER work OWNER
// A program on an archive, for tests that end it by SIGKILL. It prints a line for whatever was acknowledged: the digest of an image that was
// registered, the number of a job that was done.

func acknowledge(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

let arguments = CommandLine.arguments
let archive = try SQLiteArchive(folder: URL(fileURLWithPath: arguments[1]))

switch (arguments[2], arguments.dropFirst(3).map { Int($0) ?? 0 }) {
case ("fill", let numbers):
    for number in numbers[0]..<numbers[0] + numbers[1] {
        let study = ConformanceSamples.study(number / 2)
        var instance = ConformanceSamples.instance(number, of: study)
        let bytes = Data("bytes \(number)".utf8)
        instance.digest = try archive.content.add(bytes)
        (instance.id, instance.size) = (InstanceID(ofContent: instance.digest), bytes.count)
        _ = try await archive.register(instance, in: study, jobKind: "read", standing: ConformanceSamples.rule)
        acknowledge(instance.digest)
    }
default:
    let owner = arguments[3]
    while let job = try await archive.claimJob(kind: "read", owner: owner, until: Date() + 0.5, now: Date()) {
        guard let id = job.instance, let instance = try await archive.instance(id) else { continue }
        do {
            _ = try await archive.add(
                ConformanceSamples.modelReading(of: instance), completing: (job.id, owner), onlyAfterLatest: false,
                standing: ConformanceSamples.rule)
            acknowledge("\(job.id)")
        } catch let error as ArchiveError where error.code == .leaseLost {}
    }
}
