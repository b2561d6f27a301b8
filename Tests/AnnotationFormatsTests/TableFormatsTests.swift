import AnnotationFormats
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Testing

/// What all formats that are tables have in common.
@Suite struct TableFormatsTests {
    @Test(arguments: TableKind.all, [UInt64(1), 2, 3])
    func aRandomDatasetComesBackAsFarAsTheFormatSays(_ kind: TableKind, seed: UInt64) throws {
        let root = try TemporaryFolder()
        var random = RandomDataset()
        random.hasImagesWithoutPart = seed == 3
        let dataset = try random.make(seed: seed, in: root.file("set"))
        let back = try roundTrip(dataset, kind.format, in: root)
        expectSame(dataset, back, carrying: kind.format.contents, tolerance: 1e-12)
        var options = ExportOptions()
        (options.roundsToPixels, options.copiesImages) = (true, true)
        let rounded = try roundTrip(dataset, kind.format, options: options, in: root)
        expectSame(dataset, rounded, carrying: kind.format.contents.subtracting(.fractions))
        let sides = rounded.images.flatMap { $0.boxes.flatMap { [$0.box.x, $0.box.y, $0.box.width, $0.box.height] } }
        #expect(sides.allSatisfy { $0 == $0.rounded() })
        // What the format cannot carry is gone by now.
        expectSame(back, try roundTrip(back, kind.format, in: root), carrying: kind.format.contents, tolerance: 1e-12)
    }

    @Test(arguments: TableKind.all)
    func whatADatasetLosesIsSaid(_ kind: TableKind) throws {
        let root = try TemporaryFolder()
        let dataset = try RandomDataset().make(seed: 4, in: root.file("set"))
        let lost = DatasetExporter(kind.format).lost(of: dataset)
        #expect(lost == RandomDataset.everything.subtracting(kind.format.contents).descriptions)
        #expect(lost.isEmpty == (kind.format.name == "csv"))
        #expect(lost.contains("more than one finding") == (kind.format.name == "rsna"))
    }

    @Test(arguments: TableKind.all, ["\n", "\r\n", "\r"])
    func everyBadRowIsToldAndNothingIsWritten(_ kind: TableKind, lineEnd: String) throws {
        let good = ["5", "6", "20", "10.5"]
        var rows = [kind.header]
        var expected: [String] = []
        func add(_ row: String, _ problem: String?) {
            rows.append(row)
            if let problem { expected.append("\(kind.file), row \(rows.count): \(problem)") }
        }
        add(kind.row("one.png", good), nil)
        for value in ["nan", "inf", "-infinity", "ten", "1'000", ""] {
            for position in 0..<4 {
                var box = good
                box[position] = value
                add(kind.row("one.png", box), "the box is not four numbers")
            }
        }
        for (position, value) in [(2, "0"), (3, "0"), (2, "-3"), (3, "-0.5")] {
            var box = good
            box[position] = value
            add(kind.row("one.png", box), "the box is empty or inverted")
        }
        add(kind.row("", good), kind.format.name == "rsna" ? "no patientId" : "no image")
        add(String(kind.row("one.png", good).prefix { $0 != "," }), "fewer fields than the header")
        add("one.png,5", "fewer fields than the header")
        add(kind.row("one.png", good) + ",more", "more fields than the header")
        add(kind.row("one, and two.png", good), "more fields than the header")
        add(kind.row("o\"ne.png", good), "a quotation mark or a line end where none can be")
        add(kind.row("\"one\".png", good), "a quotation mark or a line end where none can be")
        // A blank line counts as a row, and the last field may have commas after it that say nothing.
        add("", nil)
        add(kind.row("two.png", good) + ",", nil)
        add(kind.row("one.png", ["5", "6", "1e308", "8"]), nil)
        let offRow = rows.count
        // Found only when the rows are held against the images.
        var located: [String] = []
        for name in ["../../etc/passwd", "/etc/passwd", "images/../../x.png", "..", "three.png"] {
            add(kind.row(name, good), nil)
            located.append(
                "\(kind.file), row \(rows.count): "
                    + (name == "three.png" ? "its image is not there" : "the image's name is not a path inside a folder"))
        }
        add(kind.row("two.png", ["60", "6", "30", "8"]), nil)
        let off = [rows.count, offRow].map { "\(kind.file), row \($0): a box that is not on its image" }
        add("\"" + kind.row("one.png", good), "a quotation mark that is never closed; what is below cannot be read")
        rows.append(kind.row("one.png", good))
        let text = rows.joined(separator: lineEnd) + lineEnd
        for mark in ["", "\u{FEFF}"] {
            let root = try TemporaryFolder()
            let problems = try TableSource(root: root).problems([kind.file: mark + text], kind.format)
            #expect(problems.prefix(expected.count) == expected[...])
            #expect(problems.dropFirst(expected.count).prefix(located.count) == located[...])
            let rest = problems.dropFirst(expected.count + located.count)
            #expect(rest.sorted() == off.sorted())
            #expect(!problems.joined().contains("passwd") && !problems.joined().contains("one.png"))
        }
    }

    @Test(arguments: TableKind.all)
    func aTableThatIsNoneIsOneClearError(_ kind: TableKind) throws {
        let source = TableSource(root: try TemporaryFolder())
        let good = ["5", "6", "20", "10"]
        func problems(_ text: String) throws -> [String] { try source.problems([kind.file: text], kind.format) }
        #expect(try problems("") == ["\(kind.file) is empty"])
        #expect(try problems("\n\n") == ["\(kind.file) cannot be read as CSV"])
        #expect(try problems("\"" + kind.header + "\n") == ["\(kind.file) cannot be read as CSV"])
        #expect(try problems(kind.header + "\n") == ["\(kind.file): no row"])
        #expect(try problems(kind.header) == ["\(kind.file): no row"])
        #expect(try source.problems([:], kind.format) == ["there is no CSV file"])
        #expect(throws: DatasetError.self) { try AnnotationFormats.recognised(AnnotationSource(source.make([kind.file: ""]))) }
        // Each column left out, and each doubled.
        let titles = kind.header.split(separator: ",").map(String.init)
        let optional = ["class_id", "rad_id"]
        for title in titles where !optional.contains(title) {
            let without = titles.filter { $0 != title }.joined(separator: ",")
            let lacking = try problems(without + "\n" + kind.row("one.png", good) + "\n")
            #expect(lacking.count == 1 && lacking[0].hasPrefix("\(kind.file) has no "))
            #expect(kind.format.name == "csv" || lacking == ["\(kind.file) has no column \"\(title.lowercased())\""])
        }
        for title in titles {
            let doubled = try problems(kind.header + ",\(title.uppercased())\n" + kind.row("one.png", good) + ",1\n")
            #expect(doubled == ["\(kind.file) has the column \"\(title.lowercased())\" twice"])
        }
        #expect(try !kind.format.recognises(AnnotationSource(source.make(["x.csv": "some,other,table\n1,2,3\n"]))))
    }

    @Test(arguments: TableKind.all)
    func quotedNamesMayHaveCommasQuotationMarksAndLineEnds(_ kind: TableKind) throws {
        let source = TableSource(root: try TemporaryFolder())
        let names = ["a, b.png", "the \"c\".png", "two\nlines.png", "Thorax – ñ.png"]
        let rows = names.map { kind.row("\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"", ["5", "6", "20", "10"]) }
        let table = "\u{FEFF}" + ([kind.header] + rows).joined(separator: "\r\n") + "\r\n"
        let folder = try source.make([kind.file: table], images: names)
        let dataset = try source.outcome(folder, kind.format).dataset
        #expect(dataset.images.map(\.fileName) == names)
        #expect(dataset.images.allSatisfy { $0.boxes.map(\.box) == [Box(x: 5, y: 6, width: 20, height: 10)] })
    }

    /// The order of columns and the case of their titles do not matter, and each format keeps its hands off the others' tables.
    @Test(arguments: TableKind.all)
    func aTableIsKnownByItsHeaderAlone(_ kind: TableKind) throws {
        let source = TableSource(root: try TemporaryFolder())
        let row = kind.row("one.png", ["5", "6", "20", "10"])
        let (titles, fields) = (kind.header.split(separator: ","), row.split(separator: ","))
        let order = titles.indices.reversed()
        let turned = order.map { titles[$0].uppercased() }.joined(separator: ",") + "\n" + order.map { fields[$0] }.joined(separator: ",")
        for table in ["\(kind.header)\n\(row)", turned] {
            let folder = try source.make(["anything.csv": table, "folds.csv": "patient,fold\none,1\n", "notes.csv": "a,b\n1,2\n"])
            #expect(
                try AnnotationFormats.all.filter { try $0.recognises(AnnotationSource(folder)) }.map(\.name) == [kind.format.name]
                    + (["od-csv", "vindr"].contains(kind.format.name) ? ["csv"] : []))
            let dataset = try source.outcome(folder, kind.format).dataset
            #expect(dataset.images.map { $0.boxes.map(\.box) } == [[Box(x: 5, y: 6, width: 20, height: 10)]])
        }
    }

    @Test(arguments: TableKind.all)
    func twoHundredThousandRowsAreReadWhole(_ kind: TableKind) throws {
        let source = TableSource(root: try TemporaryFolder())
        let count = 200_000
        var good = kind.header + "\n"
        var bad = good
        for index in 0..<count {
            let box = [String(index % 40), String(index % 30), String(1 + index % 20), "\(index % 10 + 1).5"]
            good += kind.row(index % 2 == 0 ? "one.png" : "two.png", box) + "\n"
            bad += kind.row("one.png", ["x", "1", "2", "3"]) + "\n"
        }
        let dataset = try source.dataset([kind.file: good], kind.format)
        #expect(dataset.images.count == 2 && dataset.boxCount == count)
        for (offset, image) in dataset.images.enumerated() {
            var expected: [Box] = []
            for index in stride(from: offset, to: count, by: 2) {
                let (x, y) = (Double(index % 40), Double(index % 30))
                expected.append(Box(x: x, y: y, width: Double(1 + index % 20), height: Double(index % 10) + 1.5))
            }
            #expect(image.boxes.map(\.box) == expected)
        }
        let folder = try source.make([kind.file: bad])
        let error = #expect(throws: DatasetError.self) {
            try DatasetImporter().importDataset(AnnotationSource(folder), format: kind.format, to: source.root.file("dataset"))
        }
        #expect(error?.problems.total == count && error?.problems.count == ProblemList.kept + 1)
        #expect(error?.problems.last == "and \(count - ProblemList.kept) problems more")
        #expect(error?.reason == "\(kind.file), row 2: the box is not four numbers (and \(count - 1) more)")
    }
}
