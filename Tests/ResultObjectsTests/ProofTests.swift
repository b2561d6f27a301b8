import Foundation
import Geometry
import PleuraTesting
import ResultObjects
import Results
import Testing

/// A proof that never fails proves nothing: each difference is found.
@Suite struct ProofTests {
    private static let changes: [(String, @Sendable (inout StudyResult) -> Void)] = [
        ("box", { $0.findings[0].box.x += 0.02 }), ("height", { $0.findings[1].box.height -= 0.02 }),
        ("score", { $0.findings[1].score = 0.45 }), ("no score", { $0.findings[0].score = nil }),
        ("label", { $0.findings[0].label = "Pneumonia" }), ("one less", { $0.findings.removeLast() }),
        (
            "one more",
            {
                $0.findings.append(
                    ResultFinding(id: "9", label: "Mass", image: $0.images[0].sopInstanceUID, box: Box(x: 1, y: 1, width: 5, height: 5)))
            }
        ),
        ("study", { $0.study.uid = "1.2.3" }), ("other image", { $0.images[0].sopInstanceUID = "1.2.3.4" }),
        ("series", { $0.images[0].seriesInstanceUID = "1.2.3.4" }),
    ]

    private static func objects(_ kind: ResultObject.Kind) throws -> ([ResultObject], StudyResult) {
        let sample = try SourceSamples.named("cr")
        let result = SampleResults.result([sample])
        return (
            try ResultObjects(options: ResultObjectOptions(kinds: [kind])).make(result, sources: SampleResults.sources([sample])), result
        )
    }

    @Test(arguments: [ResultObject.Kind.structuredReport, .presentationState, .secondaryCapture, .encapsulatedDocument], changes.indices)
    func whatDiffersIsFound(_ kind: ResultObject.Kind, _ change: Int) throws {
        let (objects, result) = try Self.objects(kind)
        try ResultProof().check(objects, against: result)
        var other = result
        Self.changes[change].1(&other)
        // Captures and documents name no series.
        if Self.changes[change].0 == "series", [.secondaryCapture, .encapsulatedDocument].contains(kind) { return }
        #expect(throws: ResultObjectError(.differs, "")) { try ResultProof().check(objects, against: other) }
    }

    @Test func aSignatureThatIsNotThereIsFound() throws {
        let (objects, result) = try Self.objects(.structuredReport)
        var signed = result
        (signed.status, signed.reader.person) = (.final, "reader")
        #expect(throws: ResultObjectError(.differs, "")) { try ResultProof().check(objects, against: signed) }
    }

    @Test func anotherPatientIsFound() throws {
        let (objects, result) = try Self.objects(.structuredReport)
        let other = SourceSamples.sample("cr", sopClass: "1.2.840.10008.5.1.4.1.1.1") { $0.set(0x0010, 0x0020, "LO", "P-other") }
        #expect(throws: ResultObjectError(.differs, "")) { try ResultProof().check(objects, against: result) { _ in other.bytes } }
    }

    @Test func maskPixelsAreCompared() throws {
        let sample = try SourceSamples.named("cr")
        let result = SampleResults.result([sample])
        var mask = SampleResults.mask("Mass", on: sample.image, box: Box(x: 30, y: 40, width: 50, height: 60))
        let objects = try ResultObjects(options: ResultObjectOptions(kinds: [.segmentation])).make(
            result, masks: [mask], sources: SampleResults.sources([sample]))
        try ResultProof().check(objects, against: result, masks: [mask])
        mask.pixels[0] = 1
        #expect(throws: ResultObjectError(.differs, "")) { try ResultProof().check(objects, against: result, masks: [mask]) }
    }

    /// A picture without its boxes: the comments alone are not believed.
    @Test func aCaptureWithoutBoxesIsFound() throws {
        let sample = try SourceSamples.named("cr")
        let result = SampleResults.result([sample])
        let options = ResultObjectOptions(kinds: [.secondaryCapture], isCompressed: false)
        var object = try #require(try ResultObjects(options: options).make(result, sources: SampleResults.sources([sample])).first)
        let size = 301 * 320 * 3
        object.bytes.replaceSubrange((object.bytes.count - size)..<object.bytes.count, with: Data(repeating: 90, count: size))
        #expect(throws: ResultObjectError(.differs, "")) { try ResultProof().check([object], against: result) }
    }

    /// No damage to an object's bytes crashes, and what is taken for whole says what it did or is told as different.
    @Test(arguments: ResultObject.Kind.allCases) func damagedObjectsAreRefused(_ kind: ResultObject.Kind) throws {
        let sample = try SourceSamples.named("cr")
        let result = SampleResults.result([sample])
        let mask = SampleResults.mask("Mass", on: sample.image, box: Box(x: 30, y: 40, width: 50, height: 60))
        let made = try ResultObjects(options: ResultObjectOptions(kinds: [kind], hasKeyPicture: false)).make(
            result, masks: [mask], sources: SampleResults.sources([sample]))
        var object = try #require(made.first)
        let whole = object.bytes
        var mutator = Mutator(seed: 11, tokens: [Data("1.2.840".utf8), Data([0xFE, 0xFF, 0x00, 0xE0])], headSize: 6_000)
        var refused = 0
        let rounds = Fuzzing.rounds(usual: 150)
        for _ in 0..<rounds {
            object.bytes = mutator.mutate(whole)
            do {
                try ResultProof().check([object], against: result, masks: [mask])
            } catch is ResultObjectError {
                refused += 1
            } catch {
                // A decoder's own error of a picture that is none any more.
                refused += 1
            }
        }
        #expect(refused > rounds / 10)
    }
}
