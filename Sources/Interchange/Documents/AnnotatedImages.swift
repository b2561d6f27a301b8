import Datasets
import Foundation

/// Collects a document from a format that has a row a box: images by their names, in the order in which they come.
package struct AnnotatedImages {
    package var document = AnnotationDocument()
    /// True where two names are the same image that differ in their suffixes only.
    private let ignoresSuffixes: Bool
    private var positions: [String: Int] = [:]

    package init(ignoresSuffixes: Bool = false) { self.ignoresSuffixes = ignoresSuffixes }

    package func contains(_ name: String, _ place: String) -> Bool { positions[key(name, place)] != nil }

    /// Tables in the folders of two parts of a split, `train/boxes.csv` and `valid/boxes.csv`, do not mean the same image by one name.
    private func key(_ name: String, _ place: String) -> String {
        let name = ignoresSuffixes ? FileNames.withoutImageSuffix(name) : name
        guard place.contains("/") else { return name }
        let folder = AnnotatedImage(name: name, place: place).folder
        return PartNames.part(ofFolder: folder).map { "\($0)/\(name)" } ?? name
    }

    /// The image of this name, added where it is new.
    package subscript(name: String, place: @autoclosure () -> String) -> AnnotatedImage {
        mutating get { document.images[position(name, place)] }
        _modify { yield &document.images[position(name, place)] }
    }

    private mutating func position(_ name: String, _ place: () -> String) -> Int {
        let place = place()
        let key = key(name, place)
        if let position = positions[key] { return position }
        positions[key] = document.images.count
        document.images.append(AnnotatedImage(name: name, place: place))
        return document.images.count - 1
    }
}
