import Datasets
import Findings
import Foundation
import Geometry
import Improvement
import Models
import PleuraTesting
import Synchronization
import Testing

/// The supervisor of a training, on a program that does as it is told.
@Suite struct CandidateTrainingTests {
    private static func plan(_ site: SmallSite) throws -> CandidateTraining.Plan {
        var new = site.dataset
        new.images = Array(new.images.prefix(6))
        for index in new.images.indices { new.images[index].sources = [index < 3 ? "site, complete" : "site"] }
        new.sources = [
            DataSource(name: "site, complete", boxed: ["Bright", "Dark"], complete: ["Bright", "Dark"]),
            DataSource(name: "site", boxed: ["Bright", "Dark"], complete: []),
        ]
        new.images[5].absent = [Annotation(classID: 2, box: Box(x: 1, y: 1, width: 4, height: 4))]
        return CandidateTraining.Plan(
            folder: site.folder.file("run"), model: try site.model("a"), old: site.dataset, new: new, recipe: "tiny")
    }

    /// A stand-in for `pleura-train`: notes each start, waits to be interrupted at first, and at the second start makes the bundle.
    private static func program(_ site: SmallSite, _ body: String) throws -> URL {
        let file = site.folder.file("trainer")
        try Data("#!/bin/sh\n\(body)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return file
    }

    @Test func oldAndNewImagesAreOneDatasetOfTwoSources() throws {
        let site = try SmallSite(images: 12)
        let plan = try Self.plan(site)
        let counts = try ReplayDataset.write(
            old: plan.old, new: plan.new, findingClasses: plan.model.labelMap.classes, to: site.folder.file("both"))
        #expect(counts == (12, 6))
        let both = try Dataset.read(directory: site.folder.file("both"))
        #expect(both.images.count == 18 && both.images.flatMap(\.absent).count == 1)
        #expect(both.sources.map(\.name) == ["old: released", "new: site, complete", "new: site"])
        #expect(both.images.allSatisfy { FileManager.default.fileExists(atPath: both.url(of: $0).path) })
        try both.requireSoundSources()
        let coverage = try #require(SourceCoverage(both))
        #expect(coverage.knowledge(of: both.images[0]).allSatisfy { $0 == .complete })
        #expect(coverage.knowledge(of: both.images[17]).contains(.unknown))
    }

    /// The machine is needed: the training stops at a checkpoint, waits, and goes on.
    @Test func aTrainingMakesRoomAndGoesOn() async throws {
        let site = try SmallSite(images: 12)
        let plan = try Self.plan(site)
        let (run, model) = (plan.folder.appendingPathComponent("training").path, try site.model("b", version: "2").directory.path)
        let program = try Self.program(
            site,
            """
            echo "$@" >> \(site.folder.file("starts").path)
            mkdir -p \(run)
            case "$*" in
            *--resume*) cp -r \(model) \(run)/bundle; exit 0;;
            esac
            trap 'exit 130' INT
            while true; do sleep 0.1; done
            """)
        let asked = Mutex(0)
        let ending = try await CandidateTraining(
            plan, program: program,
            isNeeded: {
                // Work comes while it runs, and is done soon.
                asked.withLock {
                    $0 += 1
                    return (3...4).contains($0)
                }
            }
        ).train()
        guard case .done(let made) = ending else { throw CancellationError() }
        #expect(made.path == "\(run)/bundle")
        let starts = try String(contentsOf: site.folder.file("starts"), encoding: .utf8).split(separator: "\n")
        #expect(starts.count == 2 && starts[1].contains("--resume") && !starts[0].contains("--resume"))
        #expect(starts[0].contains("--fine-tune") && starts[0].contains("--threads 1") && starts[0].contains("--steps 300"))
    }

    @Test func theTimeIsKept() async throws {
        let site = try SmallSite(images: 12)
        var plan = try Self.plan(site)
        plan.until = Date().addingTimeInterval(1.5)
        let run = plan.folder.appendingPathComponent("training").path
        let program = try Self.program(site, "mkdir -p \(run)\ntrap 'exit 130' INT\nwhile true; do sleep 0.1; done")
        #expect(try await CandidateTraining(plan, program: program, isNeeded: { false }).train() == .stopped(reason: "the time is over"))
    }

    @Test func aTrainingThatFailsIsTold() async throws {
        let site = try SmallSite(images: 12)
        let program = try Self.program(site, "echo 'pleura-train: the disk is full' >&2\nexit 3")
        await #expect { try await CandidateTraining(try Self.plan(site), program: program, isNeeded: { false }).train() } throws: {
            ($0 as? ImprovementError)?.reason.contains("the disk is full") == true
        }
    }
}
