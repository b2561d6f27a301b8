import Findings
import Foundation
import Outputs
import Pages
import PleuraTesting
import Reports
import Testing

/// The findings' page: whole or not there, and no name from outside is ever markup.
@Suite struct FindingsPageTests {
    private let folder: TemporaryFolder
    private let page: URL

    init() throws {
        folder = try TemporaryFolder()
        page = folder.file("out/index.html")
    }

    private func write(picture: Data? = Data([0xFF, 0xD8, 0xFF])) throws -> String {
        let evilClass = FindingClass(id: 3, name: "<b>\"Effusion\"</b>,\nleft")
        let evilModel = ModelIdentity(name: "</title><script>alert(3)</script>", version: "\"", digest: "'", precision: "<")
        let writer = try FindingsPage(page, model: evilModel, classes: SampleFindings.classes + [evilClass], threshold: 0.2, nonce: "N")
        for image in SampleFindings.images { try writer.append(image, picture: picture, annotated: "a\" onclick=\"b.jpg") }
        try writer.finish()
        return try String(contentsOf: page, encoding: .utf8)
    }

    /// Exactly the page's own script and elements, whatever the names are.
    @Test func namesAreNeverMarkup() throws {
        let html = try write()
        #expect(html.components(separatedBy: "<script").count == 2)
        #expect(html.components(separatedBy: "</script").count == 2)
        // SampleFindings.images has three images that can be shown.
        #expect(html.components(separatedBy: "<img").count == 4)
        #expect(!html.contains("<b>\"Effusion\"") && !html.contains("onclick=\"b") && !html.contains("\u{202E}"))
        #expect(html.contains("evil/&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;&#96;\u{FFFD}gpj.png"))
        #expect(html.contains("&lt;script&gt;alert(2)&lt;/script&gt;"))
    }

    /// Nothing is fetched: no address but data and a picture beside the page.
    @Test func thePageIsSelfContained() throws {
        let html = try write()
        #expect(html.contains("default-src 'none'"))
        #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("@import") && !html.contains("url("))
        #expect(html.contains(Notice.banner) && html.contains("truncated: the data ends too early") && html.contains("not a chest image"))
    }

    /// Each finding stands on the page once as a box in pixels of the original and once in the list, with its class and score.
    @Test func everyFindingIsThere() throws {
        let html = try write()
        #expect(html.contains("viewBox=\"0 0 2000 2500\""))
        #expect(html.contains("<rect class=\"line\" x=\"100.13\" y=\"200\" width=\"1500.5\" height=\"900.33\"/>"))
        #expect(html.components(separatedBy: "data-class=\"2\" data-score=\"0.9877\"").count == 3)
        #expect(html.components(separatedBy: "<li ").count == 5)
        // The third finding is another reading of the first one's place.
        #expect(html.contains("<li class=\"c0 alternative\" data-surer=\"b1-0\"") && html.contains("or Atelectasis"))
        #expect(html.components(separatedBy: "class=\"mark c0 alternative\"").count == 2)
    }

    @Test func anUnfinishedPageLeavesNothing() throws {
        let before = "<!DOCTYPE html>\n<html><head><meta name=\"generator\" content=\"Pleura\">the page of before"
        try Data(before.utf8).write(to: try prepared())
        do {
            let writer = try FindingsPage(page, model: SampleFindings.model, classes: SampleFindings.classes)
            try writer.append(SampleFindings.images[0], picture: nil)
        }
        #expect(try String(contentsOf: page, encoding: .utf8) == before)
        #expect(try Files.names(in: page.deletingLastPathComponent()) == ["index.html"])
    }

    private func prepared() throws -> URL {
        try FileManager.default.createDirectory(at: page.deletingLastPathComponent(), withIntermediateDirectories: true)
        return page
    }

    @Test func aFolderInTheWayIsAnError() throws {
        try FileManager.default.createDirectory(at: page, withIntermediateDirectories: true)
        #expect(throws: ReportError.self) { _ = try FindingsPage(page, model: SampleFindings.model, classes: []) }
    }
}
