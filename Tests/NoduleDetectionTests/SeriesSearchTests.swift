import Basics
import DICOM
import Foundation
import PleuraTesting
import ScanDetection
import Testing
import VolumePhantoms

/// Which files are a scan, and which are images.
@Suite struct SeriesSearchTests {
    /// A drawn scan of few small slices.
    static func write(_ count: Int, series source: String, to folder: URL) throws -> [String] {
        let settings = VolumePhantomSettings(matrix: 64, sliceSpacing: 5, nodules: 0)
        let phantom = try VolumePhantomGenerator(seed: 3, settings: settings).phantom(0)
        let (series, slices) = phantom.series(patient: "P", source: source)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try slices.prefix(count).enumerated().map { number, slice in
            let file = folder.appendingPathComponent("\(number).dcm")
            try series.file(of: slice).write(to: file)
            return file.path
        }
    }

    @Test func slicesOfASeriesAreAScanAndFewAreImages() throws {
        let folder = try TemporaryFolder()
        let scan = try Self.write(12, series: "a", to: folder.file("scan"))
        let few = try Self.write(4, series: "b", to: folder.file("few"))
        let other = folder.file("notes.png").path
        try Data([0x89, 0x50, 0x4E, 0x47]).write(to: folder.file("notes.png"))
        let missing = folder.file("missing.dcm").path
        let search = SeriesSearch([few[0], scan[3]] + [other, missing] + scan.filter { $0 != scan[3] } + few.dropFirst())
        #expect(search.series.count == 1)
        let found = try #require(search.series.first)
        #expect(Set(found.files) == Set(scan) && found.name == folder.file("scan").path)
        #expect(search.others == [few[0], other, missing] + few.dropFirst())
    }

    @Test func twoSeriesInOneFolderAreTwoScans() throws {
        let folder = try TemporaryFolder()
        let first = try Self.write(10, series: "a", to: folder.file("one"))
        let second = try Self.write(11, series: "b", to: folder.file("two"))
        let search = SeriesSearch(first + second)
        #expect(search.series.map(\.files) == [first, second] && search.others.isEmpty)
        #expect(Set(search.series.map(\.uid)).count == 2)
    }
}
