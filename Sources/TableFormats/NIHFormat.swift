import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// NIH ChestX-ray14 (Wang et al., CVPR 2017) as NIH ships it: `BBox_List_2017.csv` with the radiologists' boxes, `Data_Entry_2017.csv`
/// (or `…_v2020.csv`) with labels of the whole image, patient, age, sex and view, either of which may be missing, and a `folds.csv`
/// where there is one.
///
/// The box list's header misspells the four columns of the box as `Bbox [x,y,w,h]` and ends in empty ones, so its columns go by number:
/// image, finding, x, y, width, height. It says Infiltrate where the data entry says Infiltration: the box list's word is kept for both.
public struct NIHFormat: AnnotationFormat {
    public init() {}

    public var name: String { "nih" }
    public var title: String { "NIH ChestX-ray14 (BBox_List_2017.csv, Data_Entry_2017.csv)" }
    public var contents: FormatContents { [.findings, .fractions, .emptyImages, .patients, .views, .imageLabels, .folds, .attributes] }

    static let boxList = "BBox_List_2017.csv"
    static let dataEntry = "Data_Entry_2017.csv"
    static let noFinding = "No Finding"

    public func recognises(_ source: AnnotationSource) -> Bool { Self.boxList(in: source) != nil || Self.dataEntry(in: source) != nil }

    private static func boxList(in source: AnnotationSource) -> URL? {
        source.files(withSuffix: "csv").first { $0.lastPathComponent.hasPrefix("BBox_List_2017") }
    }

    private static func dataEntry(in source: AnnotationSource) -> URL? {
        source.files(withSuffix: "csv").first { $0.lastPathComponent.hasPrefix("Data_Entry_2017") }
    }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        var images = AnnotatedImages(ignoresSuffixes: true)
        if let file = Self.boxList(in: source) { try readBoxes(CSVFile(file, name: source.name(of: file)), into: &images) }
        if let file = Self.dataEntry(in: source) {
            let hasBoxes = !images.document.images.isEmpty
            try readEntries(CSVFile(file, name: source.name(of: file)), isComplete: !hasBoxes, into: &images)
        }
        SourceCompanions.readFolds(source, into: &images.document)
        return images.document
    }

    /// A folder of images without boxes, with what a data entry says of them where there is one.
    package func readNormals(_ source: AnnotationSource) throws -> AnnotationDocument {
        var images = AnnotatedImages(ignoresSuffixes: true)
        for (index, file) in ImageIndex(source).files.enumerated() {
            let place = "\(source.url.lastPathComponent), image \(index + 1) by path"
            guard !images.contains(file.lastPathComponent, place) else {
                images.document.problems.append("\(place): an image of this name is there twice")
                continue
            }
            images[file.lastPathComponent, place].content = .file(file)
        }
        if let file = Self.dataEntry(in: source) {
            try readEntries(CSVFile(file, name: source.name(of: file)), isComplete: false, into: &images)
        }
        images.document.images.removeAll(where: \.isOptional)
        return images.document
    }

    private func readBoxes(_ table: CSVFile, into images: inout AnnotatedImages) throws {
        if let note = table.note { images.document.notes.append(note) }
        var rows = 0
        table.forEachRecord { record, number, guess in
            rows += 1
            let place = table.place(number)
            func refuse(_ reason: String, _ row: [String]) {
                images.document.problems.append("\(place): \(reason)")
                if let name = row.first, !name.isEmpty { _ = images.lose(name, place) } else { images.document.homelessBoxes += 1 }
            }
            let row: [String]
            switch record {
            case .fields(let fields): row = fields
            case .fault(let fault): return refuse(fault, guess())
            }
            guard row.count >= 6 else { return refuse("fewer than six columns", row) }
            let values = row[2...5].compactMap(table.number)
            if row[0].isEmpty { return refuse("no image", row) }
            if row[1].isEmpty { return refuse("no finding", row) }
            guard values.count == 4, values[2] > 0, values[3] > 0 else {
                return refuse("the box is not x, y and a positive width and height", row)
            }
            let box = Box(x: values[0], y: values[1], width: values[2], height: values[3])
            images[row[0], place].boxes.append(NamedBox(label: row[1], geometry: .pixels(box), place: place))
            images[row[0], place].isOptional = false
        }
        if rows == 0 { images.document.problems.append("\(table.name): no row") }
    }

    /// - Parameter isComplete: False where there is a box list: then images may be missing that only the data entry names, for it names
    ///   all 112,120 of the archive.
    private func readEntries(_ table: CSVFile, isComplete: Bool, into images: inout AnnotatedImages) throws {
        let (file, patient, view) = (try table.column("Image Index"), try table.column("Patient ID"), try table.column("View Position"))
        let labels = table.header.firstIndex(of: "Finding Labels")
        let others = ["sex": ["Patient Gender", "Patient Sex"], "age": ["Patient Age"], "follow_up": ["Follow-up #"]]
            .compactMapValues { titles in table.header.firstIndex { titles.contains($0) } }
        let fold = table.header.firstIndex(of: "fold")
        // Every other column under its own name; the archive's has some without one at its end.
        let taken = Set([file, patient, view] + [labels, fold].compactMap { $0 } + others.values)
        let further = table.header.enumerated().filter { !taken.contains($0.offset) && !$0.element.isEmpty }
        if let note = table.note { images.document.notes.append(note) }
        let columns = max(file, patient, view, labels ?? 0, fold ?? 0, others.values.max() ?? 0)
        table.forEachRecord { record, number, guess in
            let place = table.place(number)
            func refuse(_ reason: String, _ row: [String]) {
                images.document.problems.append("\(place): \(reason)")
                if row.indices.contains(file), !row[file].isEmpty { _ = images.lose(row[file], place) }
            }
            let row: [String]
            switch record {
            case .fields(let fields): row = fields
            case .fault(let fault): return refuse(fault, guess())
            }
            guard row.count > columns, !row[file].isEmpty else { return refuse("fewer columns than the header", row) }
            if !isComplete, !images.contains(row[file], place) { images[row[file], place].isOptional = true }
            let name = PatientNames.automatic.patient(fileName: row[file])
            if let named = Int(name), Int(row[patient]) != named { return refuse("another patient than the image's name says", row) }
            // Numbers lose their leading zeros in this file; the name has them.
            let owner = Int(name) != nil ? name : row[patient]
            images[row[file], place].patient = owner
            images[row[file], place].view = row[view].isEmpty ? nil : row[view]
            for (attribute, column) in others where !row[column].isEmpty { images[row[file], place].attributes[attribute] = row[column] }
            for (column, title) in further where row.indices.contains(column) && !row[column].isEmpty {
                images[row[file], place].attributes[title] = row[column]
            }
            if let labels, !row[labels].isEmpty {
                let names = row[labels].split(separator: "|").map(String.init).filter { $0 != Self.noFinding }
                images[row[file], place].labels = names.map { $0 == "Infiltration" ? "Infiltrate" : $0 }
            }
            if let fold, let number = Int(row[fold]), number >= 0 { images.document.folds[owner] = number }
        }
    }

    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        let names = dataset.findingClasses.names
        let boxes = try OutputText(folder.appendingPathComponent(Self.boxList))
        // The header as NIH has it.
        try boxes.line("Image Index,Finding Label,Bbox [x,y,w,h],,,,,,")
        let entries = try OutputText(folder.appendingPathComponent(Self.dataEntry))
        let attributes = Set(dataset.images.flatMap(\.attributes.keys)).subtracting(["sex", "age", "follow_up"]).sorted()
        try entries.line(
            "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Sex,View Position"
                + attributes.map { "," + CSVField.quoted($0) }.joined())
        for image in dataset.images {
            let name = CSVField.quoted(image.fileName)
            for annotation in image.boxes {
                let box = options.roundsToPixels ? annotation.box.roundedToPixels : annotation.box
                let numbers = [box.x, box.y, box.width, box.height].map(Decimals.shortest).joined(separator: ",")
                try boxes.line("\(name),\(CSVField.quoted(names[annotation.classID] ?? "")),\(numbers),,,")
            }
            let labels = image.labels.map { $0.isEmpty ? Self.noFinding : $0.joined(separator: "|") } ?? ""
            var fields = [image.attributes["follow_up"] ?? "", image.patient, image.attributes["age"] ?? "", image.attributes["sex"] ?? ""]
            fields.insert(labels, at: 0)
            fields.append(image.view ?? "")
            fields += attributes.map { image.attributes[$0] ?? "" }
            try entries.line(name + "," + fields.map(CSVField.quoted).joined(separator: ","))
        }
        try boxes.finish()
        try entries.finish()
        try SourceCompanions.writeFolds(dataset, to: folder)
        try ImageLaying(options).lay(dataset, in: folder.appendingPathComponent(Dataset.imagesFolder))
    }
}
