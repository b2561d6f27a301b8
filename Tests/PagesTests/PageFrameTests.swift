import Findings
import Foundation
import Outputs
import Pages
import PleuraTesting
import Testing

/// Every page has the one frame.
@Suite struct PageFrameTests {
    /// The same first lines but for the policy, then the mark, the title and the banner.
    @Test(arguments: SamplePages.kinds) func everyPageBeginsWithTheOneFrame(kind: String) throws {
        let html = try SamplePages.html(kind)
        #expect(
            html.hasPrefix(
                """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="generator" content="Pleura">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none';
                """))
        #expect(html.contains("<title>Pleura: \(kind)</title>\n<style nonce=\"N\">\n"))
        #expect(html.contains("</style>\n</head>\n<body>\n<p class=\"banner\" role=\"note\"><b>\(Notice.banner)</b></p>\n"))
        #expect(html.components(separatedBy: "<p class=\"notice\">\(Notice.researchUseOnly).").count == 2)
        #expect(html.hasSuffix("</body>\n</html>\n"))
    }

    /// What Pleura wrote it may write anew: the mark is looked for in the first bytes of a file.
    @Test(arguments: SamplePages.kinds) func everyPageIsKnownAsOurs(kind: String) throws {
        let html = try SamplePages.html(kind)
        #expect(String(decoding: html.utf8.prefix(4_096), as: UTF8.self).contains(OwnFile.generatorMark))
        let folder = try TemporaryFolder()
        let file = folder.file("page.html")
        try Data(html.utf8).write(to: file)
        #expect(OwnFile.isOurs(file.path))
    }

    /// Nothing is loaded, no style stands in an attribute, and a script runs on the findings' page only.
    @Test(arguments: SamplePages.kinds) func noPageLoadsAnything(kind: String) throws {
        // SVG's name is no address.
        let html = try SamplePages.html(kind).replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
        for way in ["http://", "https://", "url(", "@import", "<link", " style=\"", " onclick="] { #expect(!html.contains(way), "\(way)") }
        let scripts = kind == "findings" ? 1 : 0
        #expect(html.components(separatedBy: "<script").count - 1 == scripts)
        #expect(html.contains("script-src") == (scripts == 1) && html.contains("style-src 'nonce-N'"))
    }
}
