import Basics
import Foundation
import Geometry
import PleuraTesting
import ResultObjects
import Results
import Testing

/// A conformant object or an error: what cannot be one, and why; no patient data in any text.
@Suite struct RefusalTests {
    private static func code(_ result: StudyResult, _ sample: SourceSample, masks: [ResultMask] = []) -> ResultObjectError.Code? {
        do {
            _ = try ResultObjects().make(result, masks: masks, sources: SampleResults.sources([sample]))
            return nil
        } catch let error as ResultObjectError {
            #expect(!error.description.contains("Doe") && !error.description.contains("P-") && !error.description.contains("\n"))
            return error.code
        } catch {
            return ResultObjectError.Code(rawValue: "\(error)")
        }
    }

    private static let results: [(String, @Sendable (inout StudyResult) -> Void)] = [
        ("no image", { $0.images = [] }), ("same id", { $0.findings[1].id = "1" }),
        ("another image", { $0.findings[0].image = "1.2.3" }), ("not read", { $0.images[0].wasRead = false }),
        ("empty box", { $0.findings[0].box.width = 0 }), ("endless box", { $0.findings[0].box.x = .infinity }),
        ("no number", { $0.findings[0].box.height = .nan }), ("outside", { $0.findings[0].box.x = 400 }),
        ("score", { $0.findings[0].score = 1.2 }), ("no score", { $0.findings[0].score = .nan }), ("unsigned", { $0.status = .final }),
        ("nobody", { $0.reader = ResultReader(model: nil) }),
    ]

    @Test(arguments: results.indices) func aResultThatContradictsItself(_ index: Int) throws {
        let sample = try SourceSamples.named("cr")
        var result = SampleResults.result([sample])
        Self.results[index].1(&result)
        #expect(Self.code(result, sample) == .badResult, "\(Self.results[index].0)")
    }

    @Test func headersOfAnotherImage() throws {
        let sample = try SourceSamples.named("cr")
        for element in [(0x0008, 0x0018), (0x0020, 0x000D), (0x0020, 0x000E)] as [(UInt16, UInt16)] {
            for uid in ["1.2.3.4", String(repeating: "1.23", count: 17), "no uid"] {
                var other = sample
                other.bytes = SourceSamples.sample("cr") { $0.set(element.0, element.1, "UI", uid) }.bytes
                #expect(Self.code(SampleResults.result([sample]), other) == .badSource)
            }
        }
        var result = SampleResults.result([sample])
        result.images[0].rows += 1
        #expect(Self.code(result, sample) == .badSource)
    }

    @Test func uidsThatAreTooLong() throws {
        var sample = try SourceSamples.named("cr")
        let long = "1." + String(repeating: "2", count: 63)
        sample.bytes = nil
        sample.image.sopInstanceUID = long
        #expect(Self.code(SampleResults.result([sample]), sample) == .badSource)
    }

    @Test func aMaskOfAnotherSize() throws {
        let sample = try SourceSamples.named("cr")
        let mask = ResultMask(
            label: "Mass", image: sample.image.sopInstanceUID, rows: 3, columns: 3, pixels: [UInt8](repeating: 1, count: 9))
        #expect(Self.code(SampleResults.result([sample]), sample, masks: [mask]) == .badResult)
    }

    @Test func boxesThatReachOutAreCutAtTheEdge() throws {
        let sample = try SourceSamples.named("cr")
        var result = SampleResults.result([sample])
        result.findings[0].box = Box(x: -5, y: 270, width: 30, height: 20.5)
        let objects = try ResultObjects().make(result, sources: SampleResults.sources([sample]))
        try ResultProof().check(objects, against: result)
        let report = try #require(objects.first { $0.kind == .structuredReport })
        #expect(try ResultReading(report.bytes).findings.first?.box == Box(x: 0, y: 270, width: 25, height: 10))
    }

    /// A PNG is no DICOM: its results stand for themselves.
    @Test func aPictureWithoutAHeader() throws {
        var sample = try SourceSamples.named("nofile")
        sample.bytes = try SampleFiles.png()
        (sample.image.rows, sample.image.columns) = (64, 64)
        var result = SampleResults.result([sample], findings: [])
        result.findings = [
            ResultFinding(
                id: "1", label: "Mass", image: sample.image.sopInstanceUID, box: Box(x: 8, y: 9, width: 20, height: 30), score: 0.5)
        ]
        let objects = try ResultObjects().make(result, sources: SampleResults.sources([sample]))
        #expect(objects.count == 4)
        try ResultProof().check(objects, against: result)
        let patient = try ResultReading(objects[0].bytes).patient
        #expect(patient.name == "MUSTER^ERIKA" && patient.id == "77" && patient.birthDate == "1970-01-31" && patient.sex == "F")
    }

    /// Damaged headers: an object that is proved or an error, and never a crash.
    @Test func damagedSources() throws {
        // Few pixels: only the header is looked at.
        let sample = SourceSamples.sample("japanese") {
            $0.set(0x0008, 0x0005, "CS", "\\ISO 2022 IR 87")
            $0.set(0x0010, 0x0010, "PN", Data(SourceSamples.japanese))
            $0.set(0x7FE0, 0x0010, "OW", Data(count: 20))
        }
        let result = SampleResults.result([sample])
        var mutator = Mutator(seed: 5, tokens: [Data("ISO 2022 IR 87".utf8), Data([0x1B, 0x24, 0x42]), Data("\\".utf8)], headSize: 1_200)
        let whole = try #require(sample.bytes)
        let maker = ResultObjects(options: ResultObjectOptions(kinds: [.structuredReport, .presentationState]))
        var made = 0
        for _ in 0..<Fuzzing.rounds(usual: 200) {
            let bytes = mutator.mutate(whole)
            do {
                let objects = try maker.make(result) { _ in bytes }
                try ResultProof().check(objects, against: result) { _ in bytes }
                made += 1
            } catch is ResultObjectError {
            }
        }
        #expect(made > 20)
    }
}
