import Foundation
import Geometry
import ResultObjects
import Results
import Testing

/// Every kind of object of every sample, proved; and, where the environment's `PLEURA_OBJECTS_OUT` names a folder, written there for
/// `Tests/Interop/clinic_objects.py`.
@Suite struct ObjectFolderTests {
    private static let folder = ProcessInfo.processInfo.environment["PLEURA_OBJECTS_OUT"].map { URL(fileURLWithPath: $0) }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var samples: [SourceSample]
        var result: StudyResult
        var masks: [ResultMask] = []
        var options = ResultObjectOptions()
        var predecessor: PredecessorReport?
        var testDescription: String { name }
    }

    static let cases: [Case] = {
        var made = SourceSamples.all.map { sample in
            let mask = SampleResults.mask("Nodule", on: sample.image, box: Box(x: 60, y: 60, width: 21, height: 20))
            let other = SampleResults.mask("Effusion", on: sample.image, box: Box(x: 200, y: 190, width: 91, height: 70))
            var options = ResultObjectOptions(is3D: sample.name == "dx", isCompressed: sample.name != "cr")
            // No pixels, no picture.
            if sample.bytes == nil { options.kinds.remove(.secondaryCapture) }
            return Case(
                name: sample.name, samples: [sample], result: SampleResults.result([sample]), masks: [mask, other], options: options)
        }
        if let cr = SourceSamples.all.first {
            made.append(Case(name: "nofinding", samples: [cr], result: SampleResults.result([cr], findings: [])))
            var order = SampleResults.result(
                [cr], status: .amended, person: "Dr. Jörg Müller", text: "Herz groß.\nErguss links.", language: "de")
            order.order = ResultOrder(
                placerNumber: "P1", fillerNumber: "F1", procedureCode: "XTHOR", procedureText: "Röntgen Thorax", procedureScheme: "99RIS")
            for index in order.findings.indices { order.findings[index].decision = index == 0 ? .moved : .accepted }
            order.findings[1].decision = .added
            order.findings[1].score = nil
            let before = PredecessorReport(
                sopInstanceUID: "1.2.3.4", sopClassUID: "1.2.840.10008.5.1.4.1.1.88.33", seriesInstanceUID: "1.2.3.5",
                studyInstanceUID: cr.study)
            made.append(
                Case(name: "amended", samples: [cr], result: order, options: ResultObjectOptions(captureQuality: 96), predecessor: before))
            let lines = (1...150).map {
                "Line \($0): nothing else is seen, as far as one image of the chest in one plane can show it to a reader."
            }
            let long = SampleResults.result([cr], text: lines.joined(separator: "\n"))
            made.append(Case(name: "longtext", samples: [cr], result: long))
            var person = SampleResults.result([cr], status: .final, person: "reader")
            person.reader.model = nil
            for index in person.findings.indices { (person.findings[index].score, person.findings[index].probability) = (nil, nil) }
            made.append(Case(name: "person", samples: [cr], result: person))
        }
        if let samples = try? SampleResults.study(["first", "second", "third"]) {
            var several = SampleResults.result(samples)
            several.findings.append(
                ResultFinding(
                    id: "5", label: "Pneumothorax", image: samples[1].image.sopInstanceUID, box: Box(x: 10, y: 20, width: 80, height: 60.5),
                    score: 0.5))
            several.images[1].doubt = "The image is a lateral view."
            several.images[2].wasRead = false
            several.images[2].doubt = "The pixels are damaged."
            made.append(Case(name: "several", samples: samples, result: several))
            several.findings = []
            made.append(Case(name: "severalnothing", samples: samples, result: several))
        }
        return made
    }()

    @Test(arguments: cases) func objectsAreProved(_ made: Case) throws {
        let sources = SampleResults.sources(made.samples)
        let maker = ResultObjects(options: made.options)
        let objects = try maker.make(made.result, predecessor: made.predecessor, masks: made.masks, sources: sources)
        #expect(Set(objects.map(\.sopInstanceUID)).count == objects.count)
        try ResultProof().check(objects, against: made.result, masks: made.masks) { sources[$0] }
        let again = try maker.make(made.result, predecessor: made.predecessor, masks: made.masks, sources: sources)
        #expect(again == objects)
        guard let folder = Self.folder else { return }
        try ObjectFolder.write(
            objects, of: made.result, masks: made.masks, samples: made.samples, to: folder.appendingPathComponent(made.name))
    }
}
