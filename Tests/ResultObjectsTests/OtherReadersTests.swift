import Foundation
import Geometry
import PleuraTesting
import ResultObjects
import Results
import Testing

/// What programs of other makers read in our objects: DCMTK's tools and pydicom.
@Suite struct OtherReadersTests {
    private static let python = Repository.root.appendingPathComponent(".engines/oracles-venv/bin/python")

    private func objects(_ name: String, in folder: TemporaryFolder) throws -> (SourceSample, StudyResult, [ResultObject.Kind: URL]) {
        let sample = try SourceSamples.named(name)
        let result = SampleResults.result([sample])
        var files: [ResultObject.Kind: URL] = [:]
        for object in try ResultObjects().make(result, sources: SampleResults.sources([sample])) {
            let file = folder.file(object.fileName)
            try Files.write(object.bytes, to: file)
            files[object.kind] = file
        }
        return (sample, result, files)
    }

    @Test(arguments: ["cr", "monochrome1", "japanese", "multiframe", "rgb"]) func dsrdumpReadsTheReport(_ name: String) throws {
        let folder = try TemporaryFolder()
        let (_, _, files) = try objects(name, in: folder)
        let report = try #require(files[.structuredReport])
        let said = try Shell.run(program: "/usr/bin/dsrdump", ["+Pl", report.path])
        #expect(said.status == 0, "\(said.errors)")
        // DCMTK checks no values in UTF-8, and says so.
        let complaints = said.errors.split(separator: "\n").filter { !$0.contains("does not support this Specific Character Set") }
        #expect(complaints.isEmpty, "\(said.errors)")
        #expect(said.output.contains("Cardiomegaly") && said.output.contains("Not for diagnosis"))
    }

    @Test(arguments: ["cr", "monochrome1", "voitable", "modalitytable", "signed", "multiframe", "enhanced", "brokenwindow"])
    func dcmpschkTakesThePresentationState(_ name: String) throws {
        let folder = try TemporaryFolder()
        let (_, _, files) = try objects(name, in: folder)
        let said = try Shell.run(program: "/usr/bin/dcmpschk", ["-v", try #require(files[.presentationState]).path])
        #expect(said.status == 0 && (said.output + said.errors).contains("Test passed"), "\(said.output)\(said.errors)")
    }

    /// Coordinates, references and scores by pydicom: none is half a pixel off, and none is lost.
    @Test(arguments: ["cr", "monochrome1", "multiframe", "latin1", "japanese", "nopatient"]) func pydicomReadsWhatWasMeant(_ name: String)
        throws
    {
        let folder = try TemporaryFolder()
        let (sample, result, files) = try objects(name, in: folder)
        let script = """
            import json, sys, pydicom
            sr, pr, sc = (pydicom.dcmread(f) for f in sys.argv[1:4])
            groups = [i for c in sr.ContentSequence if c.ConceptNameCodeSequence[0].CodeValue == "126010" for i in c.ContentSequence]
            out = {"boxes": [], "scores": [], "references": [], "evidence": []}
            for g in groups:
                for i in g.ContentSequence:
                    if i.ValueType == "SCOORD":
                        out["boxes"].append([float(v) for v in i.GraphicData])
                        out["references"].append(i.ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID)
                    if i.ValueType == "NUM" and i.ConceptNameCodeSequence[0].CodeValue == "111012":
                        out["scores"].append(float(i.MeasuredValueSequence[0].NumericValue))
            out["evidence"] = [r.ReferencedSOPInstanceUID for s in sr.CurrentRequestedProcedureEvidenceSequence
                               for e in s.ReferencedSeriesSequence for r in e.ReferencedSOPSequence]
            out["graphics"] = [[float(v) for v in g.GraphicData] for a in pr.GraphicAnnotationSequence for g in a.get("GraphicObjectSequence", [])]
            out["texts"] = [t.UnformattedTextValue for a in pr.GraphicAnnotationSequence for t in a.TextObjectSequence]
            out["name"] = str(sr.get("PatientName", ""))
            out["shape"] = list(sc.pixel_array.shape)
            print(json.dumps(out))
            """
        let said = try Shell.run(
            program: Self.python.path,
            ["-W", "ignore", "-c", script] + [.structuredReport, .presentationState, .secondaryCapture].compactMap { files[$0]?.path })
        struct Read: Decodable {
            var boxes: [[Double]]
            var scores: [Double]
            var references: [String]
            var evidence: [String]
            var graphics: [[Double]]
            var texts: [String]
            var name: String
            var shape: [Int]
        }
        let read = try #require(try? JSONDecoder().decode(Read.self, from: Data(said.output.utf8)), "\(said.errors)")
        let outlines = result.findings.map { finding -> [Double] in
            let box = finding.box
            return [box.x, box.y, box.maxX, box.y, box.maxX, box.maxY, box.x, box.maxY, box.x, box.y]
        }
        // These boxes are exact in 32 bits.
        #expect(read.boxes == outlines && read.graphics == outlines)
        #expect(read.scores == result.findings.compactMap { $0.score.map { ($0 * 10_000).rounded() / 100 } })
        #expect(read.references.allSatisfy { $0 == sample.image.sopInstanceUID } && read.evidence == [sample.image.sopInstanceUID])
        #expect(read.texts == ["Cardiomegaly 0.87", "Effusion 0.43", "Nodule 0.99", "Mass 0.31", StudyResult.notice])
        #expect(read.shape == [301, 320, 3])
        let names = ["latin1": "Müller^Jörg", "japanese": "Yamada^Tarou=山田^太郎=やまだ^たろう", "nopatient": ""]
        #expect(read.name == names[name] ?? "Doe^Jane")
    }
}
