import Foundation
import Geometry
import PleuraTesting
import ResultObjects
import Results
import Terminology
import Testing

/// What a report says of findings, silence, status and images; and reports of other makers.
@Suite struct ReportTests {
    private func reading(_ result: StudyResult, _ samples: [SourceSample], predecessor: PredecessorReport? = nil) throws -> ResultReading {
        let maker = ResultObjects(options: ResultObjectOptions(kinds: [.structuredReport]))
        let object = try #require(try maker.make(result, predecessor: predecessor, sources: SampleResults.sources(samples)).first)
        return try ResultReading(object.bytes)
    }

    @Test func codesPlacesAndSharesComeBack() throws {
        let sample = try SourceSamples.named("cr")
        let read = try reading(SampleResults.result([sample]), [sample])
        #expect(
            read.status == .preliminary && read.verifier == nil && read.algorithm?.name == "lungs" && read.algorithm?.version == "1.2.0")
        #expect(read.findings.map { $0.code?.value } == ["8186001", "60046008", "786838002", "309529002"])
        #expect(read.findings.map { $0.site?.value } == ["80891009", "3120008", "281392002", "281392002"])
        for (share, expected) in zip(read.findings.map(\.score) + [read.findings[0].probability], [0.8734, 0.4311, 0.9996, 0.31, 0.71]) {
            #expect(abs((share ?? 2) - expected) < 1e-9)
        }
        #expect(read.accessionNumber == "A-1" && read.texts == [StudyResult.notice])
    }

    @Test func theCardiothoracicRatioComesBackWithItsLines() throws {
        let sample = try SourceSamples.named("cr")
        var result = SampleResults.result([sample])
        let ratio = ResultRatio(
            value: 0.5213, error: 0.0312, heart: .init(left: 101.25, right: 209.5, y: 180.75),
            thorax: .init(left: 51.5, right: 259.25, y: 190))
        result.images[0].ratio = ratio
        result.images[0].remarks = ["The patient is rotated."]
        for is3D in [false, true] {
            let maker = ResultObjects(options: ResultObjectOptions(kinds: [.structuredReport], is3D: is3D))
            let objects = try maker.make(result, sources: SampleResults.sources([sample]))
            let read = try ResultReading(try #require(objects.first).bytes)
            #expect(read.ratios.count == 1 && read.ratios[0].image == sample.image.sopInstanceUID)
            #expect(read.ratios[0].ratio.isNear(ratio) && read.findings.count == 4)
            #expect(read.texts.contains("Image 1 of 1: The patient is rotated."))
            try ResultProof().check(objects, against: result)
            // What differs is told, and so is a ratio that is missing.
            var other = result
            other.images[0].ratio?.thorax.right += 1
            #expect(throws: ResultObjectError(.differs, "")) { try ResultProof().check(objects, against: other) }
            other.images[0].ratio = nil
            #expect(throws: ResultObjectError(.differs, "")) { try ResultProof().check(objects, against: other) }
        }
    }

    @Test func silenceIsOnlyNamedWhereEverythingWasRead() throws {
        let samples = try SampleResults.study(["one", "two"])
        let maker = ResultObjects(options: ResultObjectOptions(kinds: [.structuredReport]))
        let noAbnormality = Data("281900007".utf8)
        var result = SampleResults.result(samples, findings: [])
        func bytes() throws -> Data { try #require(try maker.make(result, sources: SampleResults.sources(samples)).first).bytes }
        #expect(try bytes().range(of: noAbnormality) != nil)
        result.images[1].doubt = "The image is a lateral view."
        #expect(try bytes().range(of: noAbnormality) == nil)
        (result.images[1].doubt, result.images[1].wasRead) = ("The pixels are damaged.", false)
        #expect(try bytes().range(of: noAbnormality) == nil)
        let texts = try ResultReading(bytes()).texts
        #expect(texts.contains("Image 2 of 2 was not read: The pixels are damaged."))
        #expect(texts.contains("Nothing was found in the images that were read."))
        // Evidence of both: an archive must find the image that was not read, too.
        #expect(Set(try ResultReading(bytes()).images.map(\.sopInstanceUID)).count == 2)
        result.images[0].wasRead = false
        #expect(try ResultReading(bytes()).texts.contains("No image was read."))
    }

    @Test func whoSignsIsNamed() throws {
        let sample = try SourceSamples.named("cr")
        let first = try reading(SampleResults.result([sample], status: .final, person: "reader"), [sample])
        #expect(first.status == .final && first.verifier == "reader^")
        let before = PredecessorReport(
            sopInstanceUID: first.sopInstanceUID, sopClassUID: first.sopClassUID, seriesInstanceUID: first.seriesInstanceUID,
            studyInstanceUID: first.studyInstanceUID)
        let second = try reading(SampleResults.result([sample], status: .amended, person: "reader"), [sample], predecessor: before)
        #expect(second.status == .amended)
    }

    @Test func manyFindingsAndLongTexts() throws {
        let sample = try SourceSamples.named("cr")
        let findings = (0..<200).map { (number: Int) -> ResultFinding in
            let box = Box(x: Double(number % 20) * 15.5, y: Double(number / 20) * 27.25, width: 14, height: 25)
            let label = number % 2 == 0 ? "Mass" : "Nodule"
            return ResultFinding(
                id: "\(number)", label: label, image: sample.image.sopInstanceUID, box: box, score: Double(number) / 200)
        }
        let text = (0..<400).map { "Line \($0): the lungs are clear and the heart is not large, as far as one image can show it." }.joined(
            separator: "\n")
        let result = SampleResults.result([sample], findings: findings, text: text)
        let objects = try ResultObjects().make(result, sources: SampleResults.sources([sample]))
        try ResultProof().check(objects, against: result)
        let document = try #require(objects.first { $0.kind == .encapsulatedDocument })
        #expect(document.bytes.range(of: Data("/Count ".utf8)) != nil)
        let report = try #require(objects.first { $0.kind == .structuredReport })
        #expect(try ResultReading(report.bytes).texts.contains(text))
    }

    /// A report of another maker: Latin 1, a circle, an ellipse and a point, scores without a unit.
    @Test func anotherMakersReportIsRead() throws {
        func code(_ value: String, _ scheme: String, _ meaning: String) -> DICOMBytes {
            var item = DICOMBytes()
            item.set(0x0008, 0x0100, "SH", value)
            item.set(0x0008, 0x0102, "SH", scheme)
            item.set(0x0008, 0x0104, "LO", Data(meaning.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }))
            return item
        }
        func item(
            _ relation: String, _ type: String, _ name: DICOMBytes?, _ children: [DICOMBytes] = [],
            fill: (inout DICOMBytes) -> Void = { _ in }
        ) -> DICOMBytes {
            var item = DICOMBytes()
            item.set(0x0040, 0xA010, "CS", relation)
            item.set(0x0040, 0xA040, "CS", type)
            if let name { item.set(0x0040, 0xA043, items: [name]) }
            if !children.isEmpty { item.set(0x0040, 0xA730, items: children) }
            fill(&item)
            return item
        }
        func region(_ type: String, _ points: [Float]) -> DICOMBytes {
            let image = item("SELECTED FROM", "IMAGE", nil) { entry in
                var reference = DICOMBytes()
                reference.set(0x0008, 0x1150, "UI", "1.2.840.10008.5.1.4.1.1.1")
                reference.set(0x0008, 0x1155, "UI", "1.2.3.4")
                reference.set(0x0008, 0x1160, "IS", "2")
                entry.set(0x0008, 0x1199, items: [reference])
            }
            return item("CONTAINS", "SCOORD", code("111030", "DCM", "Image Region"), [image]) {
                $0.set(0x0070, 0x0022, "FL", points.reduce(Data()) { $0 + DICOMBytes.little($1.bitPattern) })
                $0.set(0x0070, 0x0023, "CS", type)
            }
        }
        func group(_ region: DICOMBytes) -> DICOMBytes {
            item(
                "CONTAINS", "CONTAINER", code("125007", "DCM", "Measurement Group"),
                [
                    item("CONTAINS", "CODE", code("121071", "DCM", "Finding")) {
                        $0.set(0x0040, 0xA168, items: [code("X1", "99OTHER", "Verschattung Größe")])
                    },
                    region,
                    item("CONTAINS", "NUM", code("111012", "DCM", "Certainty of Finding")) { entry in
                        var value = DICOMBytes()
                        value.set(0x0040, 0x08EA, items: [code("1", "UCUM", "no units")])
                        value.set(0x0040, 0xA30A, "DS", "0.25")
                        entry.set(0x0040, 0xA300, items: [value])
                    },
                ])
        }
        var report = DICOMBytes()
        report.set(0x0008, 0x0005, "CS", "ISO_IR 100")
        report.set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.88.33")
        report.set(0x0008, 0x0018, "UI", "1.2.3")
        report.set(0x0020, 0x000D, "UI", "1.2.5")
        report.set(0x0020, 0x000E, "UI", "1.2.6")
        report.set(0x0040, 0xA491, "CS", "COMPLETE")
        report.set(0x0040, 0xA493, "CS", "VERIFIED")
        let regions = [
            region("CIRCLE", [100, 80, 100, 90]), region("ELLIPSE", [10, 50, 90, 50, 50, 30, 50, 70]), region("POINT", [7.5, 8.5]),
        ]
        report.set(
            0x0040, 0xA730, items: [item("CONTAINS", "CONTAINER", code("126010", "DCM", "Imaging Measurements"), regions.map(group))])
        let read = try ResultReading(report.file())
        #expect(read.status == .final && read.findings.count == 3)
        #expect(
            read.findings.map(\.box) == [
                Box(x: 90, y: 70, width: 20, height: 20), Box(x: 10, y: 30, width: 80, height: 40),
                Box(x: 7.5, y: 8.5, width: 0, height: 0),
            ])
        #expect(read.findings.allSatisfy { $0.label == "Verschattung Größe" && $0.score == 0.25 && $0.image == "1.2.3.4" && $0.frame == 2 })
    }

    @Test func whatIsNoResultObjectIsRefused() throws {
        let image = try #require(try SourceSamples.named("cr").bytes)
        for bytes in [image, Data(), Data("no DICOM".utf8), Data(count: 500)] {
            #expect(throws: ResultObjectError(.unreadable, "")) { try ResultReading(bytes) }
        }
    }

    @Test func aFindingLearntFromFewBoxesSaysSoInItsGroup() throws {
        let sample = try SourceSamples.named("cr")
        var result = SampleResults.result([sample])
        let words = Data("experimental: learnt from few examples".utf8)
        let maker = ResultObjects(options: ResultObjectOptions(kinds: [.structuredReport]))
        func bytes() throws -> Data { try #require(try maker.make(result, sources: SampleResults.sources([sample])).first).bytes }
        #expect(try bytes().range(of: words) == nil)
        result.findings[0].isExperimental = true
        #expect(try bytes().range(of: words) != nil)
    }
}
