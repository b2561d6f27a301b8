import Basics
import Foundation
import Radiographs

/// A style sheet or script of the pages. It lies inside the program, so that a page needs no file beside it, and is handed out whole, so that a
/// server can also give it as a file and name its digest in a Content-Security-Policy.
public struct PageAsset: Hashable, Sendable {
    /// As a file is called: `findings.js`. No two assets have one name.
    public let name: String
    public let bytes: Data
    /// For HTTP's header of that name, with the encoding.
    public let contentType: String
    /// SHA-256 of `bytes`.
    public let digest: Digest

    /// The digest as Content-Security-Policy and the attribute `integrity` write it: `sha256-` and Base64.
    public var integrity: String { "sha256-" + Data(digest.bytes).base64EncodedString() }

    /// Every asset, by name.
    public static let all = [evaluation, figures, findingsScript, frame, palette, pictures, samples]

    public static func named(_ name: String) -> PageAsset? { all.first { $0.name == name } }

    /// What stands inside a page.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    private init(_ name: String, _ bytes: some Sequence<UInt8>, _ contentType: String) {
        self.name = name
        self.bytes = Data(bytes)
        self.contentType = contentType
        digest = Digest(of: self.bytes)
    }

    private static func style(_ name: String, _ bytes: some Sequence<UInt8>) -> PageAsset {
        PageAsset(name, bytes, "text/css; charset=utf-8")
    }
}

extension PageAsset {
    /// What all pages have.
    static let frame = style("frame.css", PackageResources.frame_css)
    /// Pages of radiographs.
    static let pictures = style("pictures.css", PackageResources.pictures_css)
    /// Beside `pictures`, where persons drew the boxes.
    static let samples = style("samples.css", PackageResources.samples_css)
    /// Pages of tables and plots.
    static let figures = style("figures.css", PackageResources.figures_css)
    /// Beside `figures`, where a detector is measured.
    static let evaluation = style("evaluation.css", PackageResources.evaluation_css)
    /// The findings' colours as classes. Made here, for there is one palette, and an inline style would be against the pages' own policy.
    static let palette = style(
        "palette.css",
        FindingPalette.colours.enumerated().map { index, colour in
            ".c\(index) { --colour: \(colour.hex); --on-colour: \(colour.takesBlackText ? "#000" : "#FFF"); }\n"
        }.joined().utf8)
    static let findingsScript = PageAsset("findings.js", PackageResources.findings_js, "text/javascript; charset=utf-8")
}
