import Findings
import Foundation
import Outputs
import PleuraTesting
import Reports
import Testing

/// Names of annotated pictures.
@Suite struct PictureFolderTests {
    private func names(_ references: [ImageReference], inputs: [String] = [], folder: String = "/out") -> [String] {
        var folder = PictureFolder(directory: URL(fileURLWithPath: folder), places: OutputPlaces(inputs: inputs))
        return references.map { folder.name(for: $0) }
    }

    @Test func inputsOfOneNameGetPicturesOfTheirOwn() {
        let given = ["a/chest.dcm", "b/chest.png", "c/CHEST.png", "chest-2.png", "chest-2.jpg"].map { ImageReference(.file($0)) }
        #expect(names(given) == ["chest.jpg", "chest-2.jpg", "CHEST-3.jpg", "chest-2-2.jpg", "chest-2-3.jpg"])
        #expect(names([1, 2].map { ImageReference(.file("ct.dcm"), frame: $0) }) == ["ct_frame1.jpg", "ct_frame2.jpg"])
    }

    /// The pictures may go where the inputs are.
    @Test func anInputIsNeverWrittenOver() {
        #expect(names([ImageReference(.file("/out/a.jpg"))], inputs: ["/out/x/../a.jpg"]) == ["a-2.jpg"])
    }

    @Test func namesFitEveryFileSystem() {
        let odd = ["x/a:b*?\n.png", "-rf.png", ".hidden.png", "", String(repeating: "ü", count: 300) + ".png"].map {
            ImageReference(.file($0))
        }
        let given = names(odd)
        #expect(given[0...3] == ["a_b___.jpg", "_-rf.jpg", "_.hidden.jpg", "image.jpg"])
        #expect(given[4].utf8.count <= 255 && given[4].hasPrefix("üü"))
    }

    @Test func picturesAreWrittenUnderTheirNames() throws {
        let temporary = try TemporaryFolder()
        var folder = PictureFolder(directory: temporary.file("pictures"))
        let names = try [Data([1]), Data([2])].map { try folder.write($0, of: ImageReference(.file("in/a.png"))) }
        try folder.synchronise()
        #expect(names == ["a.jpg", "a-2.jpg"])
        #expect(try names.map { try Data(contentsOf: folder.directory.appendingPathComponent($0)) } == [Data([1]), Data([2])])
        #expect(try Files.names(in: folder.directory) == ["a-2.jpg", "a.jpg"])
    }
}
