import Evaluation
import EvaluationReports
import Findings
import Foundation
import PleuraTesting
import Radiographs
import Testing

private let chromium = OtherProgram.named(by: "PLEURA_CHROMIUM")

/// The evaluation's pages as a browser draws them. `make test-interop` names Chromium by `PLEURA_CHROMIUM`; without it the suite is left out.
@Suite(.enabled(if: chromium != nil, "PLEURA_CHROMIUM names no browser; make test-interop does"), .timeLimit(.minutes(20)))
struct ChromiumInteropTests {
    private static let width = 1440

    /// What the browser says of one figure of the page.
    private struct Figure: Decodable {
        /// `svg` or `img`.
        var kind: String
        var title: String
        var x, y, width, height: Double
        /// Drawn shapes that have a size, and texts; of a picture its own width.
        var shapes: Int
        var texts: [String]
        /// Lines, cells or bars: what the figure is about.
        var marks: Int
    }

    private struct Probe: Decodable {
        var height: Int
        /// Elements that stick out of the page.
        var tooWide: [String]
        var figures: [Figure]
    }

    private static let script = """
        <script>
        const box = (element) => element.getBoundingClientRect();
        const figures = [...document.querySelectorAll('figure svg, figure img')].filter((e) => !e.closest('svg svg')).map((element) => {
          const place = box(element), isImage = element.tagName === 'IMG';
          const shapes = isImage ? [] : [...element.querySelectorAll('path, rect, circle')];
          return {
            kind: isImage ? 'img' : 'svg', title: isImage ? element.alt : element.getAttribute('aria-label'),
            x: place.x + scrollX, y: place.y + scrollY, width: place.width, height: place.height,
            shapes: isImage ? element.naturalWidth : shapes.filter((e) => { const b = box(e); return b.width > 0 || b.height > 0; }).length,
            texts: isImage ? [] : [...element.querySelectorAll('text')].map((e) => e.textContent),
            marks: isImage ? 0 : element.querySelectorAll('.series, .bar, .cells').length,
          };
        });
        const tooWide = [...document.querySelectorAll('section > *, section td, figure')].filter((e) => !e.closest('svg')
          && box(e).right > innerWidth + 1 && !e.closest('.pair > div')).map((e) => e.tagName + ' ' + e.textContent.slice(0, 60));
        const probe = document.createElement('pre');
        probe.id = 'probe';
        probe.textContent = JSON.stringify({height: document.documentElement.scrollHeight, tooWide, figures});
        document.body.append(probe);
        </script>
        </body>
        """

    private static func browse(_ page: URL, height: Int, _ arguments: String...) throws -> Shell.Result {
        let place = try #require(URL(string: page.absoluteString))
        return try Shell.run(
            program: #require(chromium),
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
                "--window-size=\(width),\(height)", "--user-data-dir=\(page.deletingLastPathComponent().path)/.browser",
            ] + arguments + [place.absoluteString])
    }

    /// What the browser lays out, asked by a copy of the page that may run a script.
    private static func probe(_ page: URL) throws -> Probe {
        var text = try String(contentsOf: page, encoding: .utf8)
        let policy = try #require(text.range(of: "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", options: .regularExpression))
        text.removeSubrange(policy)
        let copy = page.deletingLastPathComponent().appendingPathComponent("probe.html")
        try text.replacingOccurrences(of: "</body>", with: script).write(to: copy, atomically: true, encoding: .utf8)
        let dom = try browse(copy, height: 1000, "--dump-dom").output
        let start = try #require(dom.range(of: "<pre id=\"probe\">")), end = try #require(dom.range(of: "</pre>", options: .backwards))
        let json = dom[start.upperBound..<end.lowerBound].replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(
            of: "&gt;", with: ">"
        )
        .replacingOccurrences(of: "&amp;", with: "&")
        return try JSONDecoder().decode(Probe.self, from: Data(json.utf8))
    }

    /// The page itself, policy and all, in grey.
    private static func picture(_ page: URL, height: Int, isDark: Bool) throws -> PixelImage {
        let file = page.deletingLastPathComponent().appendingPathComponent(isDark ? "dark.png" : "light.png")
        _ = try browse(page, height: height, "--screenshot=\(file.path)", "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)")
        return try DrawnPictures.decoders.decode(path: file.path).pixels
    }

    private static func expectDrawn(_ page: URL, charts: [String], pictures: Int) throws {
        let probe = try probe(page)
        #expect(probe.tooWide.isEmpty)
        let svgs = probe.figures.filter { $0.kind == "svg" }
        #expect(svgs.map(\.title) == charts)
        #expect(probe.figures.filter { $0.kind == "img" && $0.shapes > 0 }.count == pictures)
        for chart in svgs {
            #expect(chart.shapes > 5 && chart.marks > 0 && !chart.texts.contains("no data"), "\(chart.title)")
            #expect(chart.texts.contains("research use only, not a diagnosis"), "\(chart.title)")
        }
        for isDark in [false, true] {
            let image = try picture(page, height: probe.height, isDark: isDark)
            #expect(image.width == width && image.height >= probe.height)
            for figure in probe.figures {
                var counts: [UInt16: Int] = [:]
                let rows = Int(figure.y) + 2..<min(image.height, Int(figure.y + figure.height) - 2)
                let columns = Int(figure.x) + 2..<min(image.width, Int(figure.x + figure.width) - 2)
                for row in rows { for column in columns { counts[image.samples[row * image.width + column], default: 0] += 1 } }
                let (all, most) = (rows.count * columns.count, counts.values.max() ?? 0)
                // Ground, ink and the shades between: at least a hundredth of a figure is not its ground.
                #expect(counts.count >= 4 && all - most > all / 100, "\(figure.title), \(isDark ? "dark" : "light")")
                if figure.kind == "svg" {
                    let ground = counts.max { $0.value < $1.value }?.key ?? 0
                    #expect(isDark ? ground < 64 : ground > 192, "\(figure.title) has the ground of the other theme")
                }
            }
        }
    }

    @Test func everyFigureOfAnEvaluationDrew() throws {
        let work = try TemporaryFolder()
        try CellDataset().write(to: work.file("set"))
        try TinyModel.write(to: work.file("tiny"))
        let run = try ProgramUnderTest.pleura(
            "evaluate", "--dataset", "set", "--model", "./tiny", "--fold", "1", "--draws", "50", "--report", "out", "--quiet", in: work.url)
        #expect(run.status == 0)
        try Self.expectDrawn(
            work.file("out/index.html"),
            charts: [
                "AP50 by finding", "Precision and recall (IoU 0.5)", "Free response (IoU 0.5)", "What is taken for what",
                "What the errors cost (TIDE)", "Boxes: is the score a probability?", "Images: is the score a probability?",
            ], pictures: EvaluationReport(json: Data(contentsOf: work.file("out/evaluation.json"))).examples.count)
    }

    @Test func everyFigureOfAComparisonDrew() throws {
        let work = try TemporaryFolder()
        try CellDataset().write(to: work.file("set"))
        try TinyModel.write(to: work.file("tiny"))
        let detect = try ProgramUnderTest.pleura(
            "detect", "set/images", "--model", "./tiny", "--threshold", "0.5", "--coco", "found.json", "--dataset", "set", in: work.url)
        #expect(detect.status == 0)
        let run = try ProgramUnderTest.pleura(
            "evaluate", "--dataset", "set", "--compare", "./tiny", "found.json", "--draws", "50", "--report", "out", "--quiet", in: work.url
        )
        #expect(run.status == 0, "\(run.errors)")
        try Self.expectDrawn(work.file("out/index.html"), charts: ["Second less first, with 95 percent intervals"], pictures: 0)
    }
}
