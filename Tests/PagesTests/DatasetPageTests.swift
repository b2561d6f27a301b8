import Datasets
import Findings
import Foundation
import Geometry
import Pages
import PleuraTesting
import Radiographs
import Testing

/// A dataset's pages: they say what the numbers are, and no name from outside is ever markup.
@Suite struct DatasetPageTests {
    /// The page shows each number that it is about, draws a map for each finding that has boxes, and loads nothing.
    @Test func theStatisticsPageIsWholeAndSafe() {
        let html = StatisticsPage.html(DatasetStatistics(SampleDataset.dataset(SampleDataset.evil)), name: SampleDataset.evil, nonce: "N")
        #expect(!html.contains("<script") && html.components(separatedBy: "</style").count == 2 && !html.contains("\u{1B}"))
        #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("url(") && !html.contains("style=\""))
        #expect(html.contains("default-src 'none'") && html.contains(Notice.banner) && html.contains("prefers-color-scheme: dark"))
        #expect(html.components(separatedBy: "<figure>").count == 3)
        // Box 1 covers the upper left quarter of its image and box 2 the lower right one of its: each cell half of the boxes.
        #expect(html.contains("fullest: 50 % of 2 boxes") && html.contains("M0 0h16v1h-16z") && html.contains("M16 31h16v1h-16z"))
        #expect(html.contains("<dt>boxes</dt><dd>3</dd>") && html.contains("100 × 200"))
    }

    @Test func theStatisticsPageOfAnEmptyDatasetIsAPage() {
        var set = SampleDataset.dataset()
        set.images = []
        set.folds = [:]
        let html = StatisticsPage.html(DatasetStatistics(set), name: "empty", nonce: "N")
        #expect(html.contains("<dt>images</dt><dd>0</dd>") && !html.contains("nan") && !html.contains("inf"))
    }

    @Test func samplesCarryTheirBoxesReadersAndFaults() throws {
        let root = try TemporaryFolder()
        let set = SampleDataset.dataset(SampleDataset.evil)
        let page = try SamplePage(root.file("p.html"), dataset: set, name: SampleDataset.evil, choice: "all", nonce: "N")
        let picture = try SamplePage.picture(of: Radiograph(pixels: DrawnPictures.flat(width: 100, height: 200, grey: 9)))
        try page.append(set.images[0], fold: 0, picture: picture)
        try page.append(set.images[1], fold: 0, picture: picture)
        try page.append(set.images[2], error: "truncated: \(SampleDataset.evil)")
        try page.finish()
        let html = try String(contentsOf: root.file("p.html"), encoding: .utf8)
        #expect(!html.contains("<script") && html.components(separatedBy: "</style").count == 2 && !html.contains("\u{1B}"))
        #expect(!html.contains("http") || html.components(separatedBy: "http").count == html.components(separatedBy: "http-equiv").count)
        #expect(html.components(separatedBy: "<article").count == 4 && html.components(separatedBy: "<img ").count == 3)
        #expect(html.contains("<rect class=\"line d2\" x=\"10\" y=\"20\" width=\"10\" height=\"10\"/>"))
        #expect(html.contains(">Nodule · R2</text>") && html.contains("Could not be read:</b> truncated:"))
        #expect(html.contains("<b>no box</b> · said of the image: nothing found · 100 × 200 px · AP · F · age 42 · train · fold 0"))
        #expect(html.contains("src=\"data:image/jpeg;base64,\(picture.base64EncodedString())\""))
    }

    /// Readers differ by the dashes of their lines, and every dash is one that the style has.
    @Test func everyReaderHasALine() throws {
        let root = try TemporaryFolder()
        var set = SampleDataset.dataset()
        set.images[0].boxes = (1...9).map { number in
            Annotation(classID: 1, box: Box(x: 5 * Double(number), y: 10, width: 20, height: 20), reader: "R\(number)")
        }
        let page = try SamplePage(root.file("p.html"), dataset: set, name: "set", choice: "all", nonce: "N")
        try page.append(set.images[0], picture: Data([0xFF]))
        try page.finish()
        let html = try String(contentsOf: root.file("p.html"), encoding: .utf8)
        let lines = html.matches(of: /<rect class="line (d\d+)"/).map { String($0.1) }
        #expect(lines.count == 9 && Set(lines).count == 6)
        let style = String(decoding: try #require(PageAsset.named("samples.css")).bytes, as: UTF8.self)
        #expect(Set(style.matches(of: /\.(d\d+) \{/).map { String($0.1) }) == Set(lines))
    }
}
