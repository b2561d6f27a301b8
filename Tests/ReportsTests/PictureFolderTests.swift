import Findings
import Foundation
import Outputs
import Radiographs
import Reports
import TestSupport
import Testing

/// Names of annotated pictures.
@Suite struct PictureFolderTests {
    private func names(_ references: [ImageReference], inputs: [String] = [], folder: String = "/out") -> [String] {
        var folder = PictureFolder(directory: URL(fileURLWithPath: folder), places: OutputPlaces(inputs: inputs))
        return references.map { folder.name(for: $0) }
    }

    @Test func inputsOfOneNameGetPicturesOfTheirOwn() {
        let given = ["a/chest.dcm", "b/chest.png", "c/CHEST.png", "chest-2.png", "chest-2.jpg"].map { ImageReference(path: $0) }
        #expect(names(given) == ["chest.jpg", "chest-2.jpg", "CHEST-3.jpg", "chest-2-2.jpg", "chest-2-3.jpg"])
        #expect(names([1, 2].map { ImageReference(path: "ct.dcm", frame: $0) }) == ["ct_frame1.jpg", "ct_frame2.jpg"])
    }

    /// The pictures may go where the inputs are.
    @Test func anInputIsNeverWrittenOver() {
        #expect(names([ImageReference(path: "/out/a.jpg")], inputs: ["/out/x/../a.jpg"]) == ["a-2.jpg"])
    }

    @Test func namesFitEveryFileSystem() {
        let odd = ["x/a:b*?\n.png", "-rf.png", ".hidden.png", "", String(repeating: "ü", count: 300) + ".png"].map {
            ImageReference(path: $0)
        }
        let given = names(odd)
        #expect(given[0...3] == ["a_b___.jpg", "_-rf.jpg", "_.hidden.jpg", "image.jpg"])
        #expect(given[4].utf8.count <= 255 && given[4].hasPrefix("üü"))
    }

    @Test func thePictureIsWrittenWhole() throws {
        let temporary = try TemporaryFolder()
        let image = Radiograph(
            pixels: PixelImage(width: 300, height: 200, bits: 8, samples: Array(repeating: 90, count: 60_000)),
            reference: ImageReference(path: "in/a.png"))
        var folder = PictureFolder(directory: temporary.file("pictures"))
        let name = folder.name(for: image.reference)
        try folder.write(image, findings: [], name: name)
        let read = try DecoderRegistry(decoders: [JPEGDecoder()]).decode(path: folder.directory.appendingPathComponent(name).path)
        #expect(read.pixels.width == 300 && read.pixels.height > 200)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.directory.path) == [name])
    }
}
