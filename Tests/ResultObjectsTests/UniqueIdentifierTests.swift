import Foundation
import Geometry
import ResultObjects
import Results
import Testing

/// Traps of archives: one UID in two series, UIDs too long, the same object twice.
@Suite struct UniqueIdentifierTests {
    private func make(_ result: StudyResult, _ sample: SourceSample, _ options: ResultObjectOptions = ResultObjectOptions()) throws
        -> [ResultObject]
    {
        let mask = SampleResults.mask("Nodule", on: sample.image, box: result.findings.first?.box ?? .init(x: 1, y: 1, width: 9, height: 9))
        return try ResultObjects(options: options).make(result, masks: [mask], sources: SampleResults.sources([sample]))
    }

    @Test func everyKindHasASeriesOfItsOwn() throws {
        let sample = try SourceSamples.named("cr")
        let objects = try make(SampleResults.result([sample]), sample)
        #expect(Set(objects.map(\.kind)).count == 5)
        #expect(
            Set(objects.map(\.seriesInstanceUID)).count == 5 && !objects.contains { $0.seriesInstanceUID == sample.image.seriesInstanceUID }
        )
    }

    @Test func noInstanceIsInTwoSeries() throws {
        let sample = try SourceSamples.named("cr")
        var result = SampleResults.result([sample])
        var made = try make(result, sample)
        var signed = SampleResults.result([sample], status: .final, person: "reader")
        signed.identifier = "signed"
        made += try make(signed, sample)
        result.reader.model?.digest = String(repeating: "f", count: 64)
        made += try make(result, sample)
        made += try make(result, sample, ResultObjectOptions(seriesKey: "other"))
        made += try make(result, sample, ResultObjectOptions(is3D: true, isCompressed: false, captureSide: 512))
        let places = Dictionary(grouping: made) { $0.sopInstanceUID }
        for (_, same) in places { #expect(Set(same.map(\.seriesInstanceUID)).count == 1 && Set(same.map(\.bytes)).count == 1) }
        // A person's result rests on the model's and goes where that is.
        #expect(Set(made.prefix(10).map(\.seriesInstanceUID)).count == 5)
    }

    @Test func allAreOfTwoTwentyFiveAndShortEnough() throws {
        let sample = try SourceSamples.named("dx")
        for object in try make(SampleResults.result([sample]), sample) {
            for uid in [object.sopInstanceUID, object.seriesInstanceUID] {
                #expect(uid.hasPrefix("2.25.") && uid.utf8.count <= 44 && !uid.dropFirst(5).hasPrefix("0"))
            }
            let reading = try ResultReading(object.bytes)
            for finding in reading.findings { #expect(finding.trackingUID.map { $0.utf8.count <= 64 } ?? true) }
        }
    }

    @Test func theSameIsMadeAgainByteByByte() throws {
        for sample in SourceSamples.all.prefix(4) {
            let result = SampleResults.result([sample])
            #expect(try make(result, sample) == make(result, sample))
        }
    }

    @Test func whatDiffersHasAnotherUID() throws {
        let sample = try SourceSamples.named("cr")
        let result = SampleResults.result([sample])
        var other = result
        other.identifier = "another"
        let first = try make(result, sample)
        let second = try make(other, sample)
        #expect(Set((first + second).map(\.sopInstanceUID)).count == 10)
    }
}
