import Basics
import Findings
import Foundation
import Pages
import PleuraTesting
import Radiographs
import Testing

/// Style sheets and scripts as a server gives them.
@Suite struct PageAssetTests {
    /// The bytes are those of the files, so what is linted and reviewed is what runs.
    @Test func everyFileIsAnAsset() throws {
        let folders = ["Style", "Script"].map { Repository.root.appendingPathComponent("Sources/Pages/\($0)") }
        let files = try folders.flatMap { try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil) }
        #expect(files.count >= 6)
        for file in files {
            let asset = try #require(PageAsset.named(file.lastPathComponent))
            #expect(try asset.bytes == Data(contentsOf: file), "\(asset.name)")
            #expect(asset.contentType == (file.pathExtension == "js" ? "text/javascript" : "text/css") + "; charset=utf-8")
        }
        #expect(PageAsset.all.map(\.name) == (files.map(\.lastPathComponent) + ["palette.css"]).sorted())
        #expect(PageAsset.named("nothing.css") == nil)
    }

    @Test(arguments: PageAsset.all) func theDigestIsThatOfTheBytes(asset: PageAsset) {
        #expect(asset.digest == Digest(of: asset.bytes))
        #expect(asset.integrity == "sha256-" + Data(asset.digest.bytes).base64EncodedString() && asset.integrity.count == 51)
    }

    /// Inside a page an end tag would end the asset, and a byte that is not ASCII would need no encoding to be misread.
    @Test(arguments: PageAsset.all) func noAssetEndsItself(asset: PageAsset) {
        let text = String(decoding: asset.bytes, as: UTF8.self)
        #expect(!text.contains("</") && !text.contains("<!--") && text.hasSuffix("\n") && text.utf8.allSatisfy { $0 < 128 })
        #expect(!text.contains("url(") && !text.contains("@import") && !text.contains("//www"))
    }

    @Test func thePaletteIsThatOfThePictures() throws {
        let palette = String(decoding: try #require(PageAsset.named("palette.css")).bytes, as: UTF8.self)
        let lines = palette.split(separator: "\n")
        #expect(lines.count == FindingPalette.colours.count)
        for (index, colour) in FindingPalette.colours.enumerated() {
            #expect(lines[index].hasPrefix(".c\(index) { --colour: \(colour.hex);"))
        }
    }
}
