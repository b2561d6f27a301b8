import AnnotationFormats
import Datasets
import Findings
import Foundation
import Interchange
import PleuraTesting
import TableFormats
import Testing

@Suite struct ImportFoldTests {
    private static func folds(_ patients: [String], count: Int?, kept: String? = nil) throws -> [String: Int] {
        let rows = patients.enumerated().map { "i\($0).png,Mass,1,2,10,10,\($1)\n" }.joined()
        var files = ["boxes.csv": "image,label,x,y,w,h,patient\n" + rows]
        if let kept { files["folds.csv"] = kept }
        let sample = try AnnotationSample(images: patients.indices.map { "images/i\($0).png" }, files: files)
        var importer = DatasetImporter()
        importer.foldCount = count
        return try importer.importDataset(sample.source, format: BoxTableFormat(), to: sample.root.file("dataset")).dataset.folds
    }

    @Test(arguments: [
        ["ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal"], ["4", "8", "12", "16", "20", "24", "28", "32"],
        ["p 1", "p 2", "3", "00000004", "ü", "x/y", "7", "8"],
    ])
    func everyPatientGetsAFoldWhateverTheName(_ patients: [String]) throws {
        let folds = try Self.folds(patients, count: 4)
        #expect(Set(folds.keys) == Set(patients))
        #expect(folds.values.sorted() == [0, 0, 1, 1, 2, 2, 3, 3])
        #expect(try Self.folds(patients, count: 4) == folds)
        #expect(try Self.folds(patients, count: 1).values.allSatisfy { $0 == 0 })
    }

    @Test func foldsOfTheSourceStay() throws {
        let folds = try Self.folds(["ann", "bob", "cid", "dan"], count: 2, kept: "patient,fold\nann,1\nbob,1\n")
        #expect(folds == ["ann": 1, "bob": 1, "cid": 0, "dan": 0])
        let error = #expect(throws: DatasetError.self) { try Self.folds(["ann", "bob"], count: 2, kept: "patient,fold\nann,3\n") }
        #expect(error?.reason.contains("fold 3") == true)
    }

    @Test func withoutANumberOnlyNumberedPatientsGetOne() throws {
        #expect(try Self.folds(["ann", "00000007", "12"], count: nil) == ["00000007": 3, "12": 0])
    }

    @Test func tooFewPatientsAreSaid() throws {
        let error = #expect(throws: DatasetError.self) { try Self.folds(["ann", "bob"], count: 5) }
        #expect(error?.reason == "2 patients cannot be spread over 5 parts")
    }
}
