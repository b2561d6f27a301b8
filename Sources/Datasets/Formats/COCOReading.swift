import Findings
import Foundation

/// Collects a document of one or several files in COCO's format; ids of images and boxes count within a file.
struct COCOReading {
    private let labelMap: LabelMap?
    var document = AnnotationDocument()
    /// In the order in which files name them.
    private var categories: [(id: Int, name: String)] = []
    private var supercategories: [Int: String] = [:]
    private var used: Set<Int> = []
    private var (crowds, outlines) = (0, 0)

    init(labelMap: LabelMap?) { self.labelMap = labelMap }

    private struct File: Decodable {
        var images: [Checked<Image>]
        var annotations: [Checked<Annotation>]
        var categories: [Checked<Category>]?
    }
    private struct Image: Decodable {
        var id: LooseText
        var fileName: String
        var width: Int?
        var height: Int?
        var patient: LooseText?
        var view: String?
        var part: String?
        var labels: [String]?
        var attributes: LooseTexts?

        enum CodingKeys: String, CodingKey {
            case id, width, height, patient, view, part, labels, attributes
            case fileName = "file_name"
        }
    }
    private struct Annotation: Decodable {
        var id: LooseText?
        var imageID: LooseText
        var categoryID: Int
        var box: [Double]
        var isCrowd: LooseText?
        var segmentation: Presence?
        var reader: LooseText?
        var agreement: Double?

        enum CodingKeys: String, CodingKey {
            case id, segmentation, reader, agreement
            case imageID = "image_id"
            case categoryID = "category_id"
            case box = "bbox"
            case isCrowd = "iscrowd"
        }
    }
    private struct Category: Decodable {
        var id: Int
        var name: String
        var supercategory: String?
    }

    /// - Parameter name: The file's, for messages and for the part it may say.
    /// - Throws: `DatasetError` where the file cannot be read at all.
    mutating func read(_ bytes: Data, name: String) throws {
        let file = try JSONText.decode(File.self, from: bytes, name: name)
        readCategories(file.categories, name: name)
        let images = readImages(file.images, name: name)
        let names = Dictionary(
            categories.map { ($0.id, $0.name) } + (file.categories == nil ? (labelMap?.classes ?? []).map { ($0.id, $0.name) } : [])
        ) { first, _ in first }
        var ids: Set<LooseText> = []
        for (index, checked) in file.annotations.enumerated() {
            let place = "\(name), annotation \(index + 1)"
            guard let annotation = checked.value(place, &document.problems) else { continue }
            if let id = annotation.id, !ids.insert(id).inserted { document.problems.append("\(place): its id occurs twice") }
            if annotation.segmentation?.isThere == true { outlines += 1 }
            guard !["1", "true"].contains(annotation.isCrowd?.text) else {
                crowds += 1
                continue
            }
            guard annotation.box.count == 4 else {
                document.problems.append("\(place): its \"bbox\" is not four numbers")
                continue
            }
            if let agreement = annotation.agreement, !(0...1).contains(agreement) {
                document.problems.append("\(place): its agreement is not between 0 and 1")
                continue
            }
            guard let label = names[annotation.categoryID] else {
                document.problems.append("\(place): its category is not listed")
                continue
            }
            guard let position = images[annotation.imageID] else {
                document.problems.append("\(place): its image is not listed")
                continue
            }
            used.insert(annotation.categoryID)
            let box = Box(x: annotation.box[0], y: annotation.box[1], width: annotation.box[2], height: annotation.box[3])
            document.images[position].boxes.append(
                NamedBox(
                    label: label, geometry: .pixels(box), reader: annotation.reader?.text, agreement: annotation.agreement, place: place))
        }
    }

    /// Where each image of the file is in the document, by its id.
    private mutating func readImages(_ list: [Checked<Image>], name: String) -> [LooseText: Int] {
        let part = PartNames.part(ofPath: name)
        var positions: [LooseText: Int] = [:]
        var names: Set<String> = []
        for (index, checked) in list.enumerated() {
            let place = "\(name), image \(index + 1)"
            guard let image = checked.value(place, &document.problems) else { continue }
            guard positions[image.id] == nil else {
                document.problems.append("\(place): its id occurs twice")
                continue
            }
            if !names.insert(image.fileName).inserted { document.problems.append("\(place): its file name occurs twice") }
            positions[image.id] = document.images.count
            document.images.append(
                AnnotatedImage(
                    name: image.fileName, width: image.width, height: image.height, patient: image.patient?.text, view: image.view,
                    part: image.part ?? part, labels: image.labels, attributes: image.attributes?.texts ?? [:], place: place))
        }
        return positions
    }

    private mutating func readCategories(_ list: [Checked<Category>]?, name: String) {
        guard let list else {
            if labelMap == nil { document.problems.append("\(name): it has no \"categories\"") }
            return
        }
        var ids: Set<Int> = []
        for (index, checked) in list.enumerated() {
            let place = "\(name), category \(index + 1)"
            guard let category = checked.value(place, &document.problems) else { continue }
            let label = category.name.trimmingCharacters(in: .whitespacesAndNewlines)
            if label.isEmpty {
                document.problems.append("\(place): its name is empty")
            } else if !ids.insert(category.id).inserted {
                document.problems.append("\(place): its id occurs twice")
            } else if let known = categories.first(where: { $0.id == category.id }) {
                if known.name != category.name { document.problems.append("\(place): its id has another name in another file") }
            } else if categories.contains(where: { $0.name == category.name }) {
                document.problems.append("\(place): its name has another id too")
            } else {
                categories.append((category.id, category.name))
                supercategories[category.id] = category.supercategory
            }
        }
    }

    /// The document with its classes.
    func finished() -> AnnotationDocument {
        var document = document
        if crowds > 0 { document.notes.append("\(crowds) crowds were left out") }
        if outlines > 0 { document.notes.append("the outlines of \(outlines) boxes are not carried") }
        if let labelMap {
            document.classes = labelMap.classes
            return document
        }
        var classes = categories.map { FindingClass(id: $0.id, name: $0.name) }
        // Roboflow puts a heading at id 0, which is the others' supercategory and no finding.
        if let heading = classes.first(where: { $0.id == 0 }), !used.contains(0), classes.count > 1,
            classes.allSatisfy({ $0.id == 0 || supercategories[$0.id] == heading.name })
        {
            classes.removeAll { $0.id == 0 }
            document.notes.append("category 0 is the heading of the others and was left out")
        }
        let ids = classes.map(\.id)
        if let least = ids.min(), let greatest = ids.max(), least < 1 || greatest > Int(Int32.max) {
            let shifts = least == 0 && greatest < Int(Int32.max)
            if !shifts { classes.sort { $0.id < $1.id } }
            for index in classes.indices { classes[index].id = shifts ? classes[index].id + 1 : index + 1 }
            document.notes.append(
                shifts ? "ids begin at 0 in the source: each finding's id is one more here" : "the findings have new ids, from 1")
        }
        document.classes = classes
        return document
    }
}
