import Findings
import Foundation
import Geometry
import Outputs
import Pages
import PleuraTesting
import Radiographs
import Reports
import Testing

/// What `--out` is: a folder of pictures, and the page that links to them.
@Suite struct FindingsGalleryTests {
    @Test func eachImageHasItsPictureAndItsPlaceOnThePage() throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.file("out")
        var gallery = try FindingsGallery(
            directory: folder, model: SampleFindings.model, classes: SampleFindings.classes, threshold: 0.2, places: OutputPlaces())
        let radiograph = Radiograph(pixels: DrawnPictures.flat(width: 300, height: 200, grey: 90))
        let finding = Finding(
            id: "1", findingClass: SampleFindings.classes[0], score: 0.9, geometry: .box(Box(x: 10, y: 10, width: 90, height: 90)))
        let pictures = try FindingsGallery.Pictures(of: radiograph, findings: [finding])
        let image = ImageFindings(reference: ImageReference(.file("in/a.png")), width: 300, height: 200, findings: [finding])
        try gallery.append(image, pictures: pictures)
        try gallery.append(
            ImageFindings(reference: ImageReference(.file("in/b.png")), error: ImageFailure(code: "damaged", "not an image")))
        #expect(try Files.names(in: folder).filter { $0.hasSuffix(".html") } == [])
        try gallery.finish()
        #expect(try Files.names(in: folder) == ["a.jpg", FindingsGallery.pageName])
        // The annotated picture has a banner above the radiograph.
        let read = try DecoderRegistry(decoders: [JPEGDecoder()]).decode(path: folder.appendingPathComponent("a.jpg").path)
        #expect(read.pixels.width == 300 && read.pixels.height > 200)
        let html = try String(contentsOf: folder.appendingPathComponent(FindingsGallery.pageName), encoding: .utf8)
        #expect(html.contains("href=\"./a.jpg\"") && html.contains(pictures.plain.base64EncodedString()) && html.contains("not an image"))
    }
}
