import Findings
import Foundation

extension COCODocument {
    /// How many boxes or images are encoded together.
    private static let pieceCount = 2_048

    /// Writes a dataset as this document in pieces, for the encoder needs a kilobyte a box while it works. The bytes are those of the
    /// whole document encoded at once, with its keys in order. The file is written aside and then takes the old one's place.
    /// - Throws: `DatasetError` or the encoder's error; then nothing is left behind.
    package static func write(_ dataset: Dataset, to url: URL) throws {
        let text = try OutputText(url)
        try text.write("{\"annotations\":[")
        var annotations = Pieces<Annotation>(text)
        var id = 0
        for image in dataset.images {
            for annotation in image.boxes {
                id += 1
                try annotations.add(Annotation(annotation, id: id, imageID: image.id))
            }
        }
        try annotations.finish()
        try text.write("],\"categories\":[")
        var categories = Pieces<Category>(text)
        for item in dataset.findingClasses { try categories.add(Category(id: item.id, name: item.name)) }
        try categories.finish()
        try text.write("],\"images\":[")
        var images = Pieces<Image>(text)
        for image in dataset.images { try images.add(Image(image)) }
        try images.finish()
        try text.write("]}")
        try text.finish()
    }

    /// The elements of an array, encoded some at a time.
    private struct Pieces<Element: Encodable> {
        private let text: OutputText
        private let encoder = JSONEncoder()
        private var waiting: [Element] = []
        private var isFirst = true

        package init(_ text: OutputText) {
            self.text = text
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        }

        package mutating func add(_ element: Element) throws {
            waiting.append(element)
            if waiting.count == pieceCount { try finish() }
        }

        package mutating func finish() throws {
            guard !waiting.isEmpty else { return }
            // Without the brackets.
            let bytes = try encoder.encode(waiting).dropFirst().dropLast()
            try text.write((isFirst ? "" : ",") + String(decoding: bytes, as: UTF8.self))
            isFirst = false
            waiting.removeAll(keepingCapacity: true)
        }
    }
}
