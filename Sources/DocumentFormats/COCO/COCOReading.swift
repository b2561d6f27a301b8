import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// Collects a document of one or several files in COCO's format; ids of images and boxes count within a file.
struct COCOReading {
    private let labelMap: LabelMap?
    var document = AnnotationDocument()
    private var categories = COCOCategories()
    private var (crowds, outlines, refitted, repeated) = (0, 0, 0, 0)

    init(labelMap: LabelMap?) {
        self.labelMap = labelMap
        if let note = labelMap.flatMap(SourceCompanions.note) { document.notes.append(note) }
    }

    private struct File: Decodable {
        var images: [Checked<Image>]
        var annotations: [Checked<Annotation>]
        var categories: [Checked<COCOCategories.Entry>]?
    }
    private struct Image: Decodable {
        var id: LooseText
        var fileName: String
        var width: LooseInteger?
        var height: LooseInteger?
        var patient: LooseText?
        var view: String?
        var part: String?
        var labels: [String]?
        var attributes: LooseTexts?
        var unknown: [COCODocument.UnknownPlace]?

        enum CodingKeys: String, CodingKey {
            case id, width, height, patient, view, part, labels, attributes, unknown
            case fileName = "file_name"
        }
    }
    /// What is wrong with a box is told with its image known, which is then no normal one.
    private struct Annotation: Decodable {
        var imageID: LooseText?
        var isCrowd: Bool
        var result: Result<Content, DatasetError>

        struct Content: Decodable {
            var id: LooseText?
            var categoryID: Int
            /// Empty where there is none.
            var box: [Double]
            var hasBox: Bool
            /// The box around the outline, asked for where there is no other.
            var around: Box?
            var hasOutline: Bool
            var reader: LooseText?
            var agreement: Double?

            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                // Asked for though its fault is told elsewhere.
                _ = try values.decode(LooseText.self, forKey: .imageID)
                id = try values.decodeIfPresent(LooseText.self, forKey: .id)
                categoryID = try values.decode(LooseInteger.self, forKey: .categoryID).value
                reader = try values.decodeIfPresent(LooseText.self, forKey: .reader)
                agreement = try values.decodeIfPresent(Double.self, forKey: .agreement)
                hasOutline = try values.decodeIfPresent(Presence.self, forKey: .segmentation)?.isThere ?? false
                let read = Result { try values.decodeIfPresent([LooseNumber].self, forKey: .box)?.map(\.value) }
                let numbers = try? read.get()
                hasBox = numbers != nil
                box = numbers ?? []
                if hasOutline, box.count != 4 || box[2] <= 0 || box[3] <= 0 {
                    around = (try? values.decodeIfPresent(COCOOutline.self, forKey: .segmentation))?.box
                }
                if around == nil { _ = try read.get() }
            }
        }

        enum CodingKeys: String, CodingKey {
            case id, segmentation, reader, agreement
            case imageID = "image_id"
            case categoryID = "category_id"
            case box = "bbox"
            case isCrowd = "iscrowd"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            imageID = try? values.decode(LooseText.self, forKey: .imageID)
            isCrowd = ["1", "true"].contains((try? values.decode(LooseText.self, forKey: .isCrowd))?.text)
            do {
                result = .success(try Content(from: decoder))
            } catch {
                result = .failure(DatasetError(.malformed, JSONText.fault(error, below: decoder.codingPath.count)))
            }
        }
    }

    /// - Parameter name: The file's, for messages and for the part it may say.
    /// - Throws: `DatasetError` where the file cannot be read at all.
    mutating func read(_ bytes: Data, name: String) throws {
        let file = try JSONText.decode(File.self, from: bytes, name: name)
        var known = COCOCategories.Names()
        if let list = file.categories {
            known = categories.read(list, name: name, &document.problems, &document.notes)
        } else if labelMap == nil {
            document.problems.append("\(name): it has no \"categories\"")
        }
        var names = known.names
        if file.categories == nil { for item in labelMap?.classes ?? [] { names[item.id] = item.name } }
        let images = readImages(file.images, name: name, findings: names)
        var ids: Set<LooseText> = []
        for (index, checked) in file.annotations.enumerated() {
            let place = "\(name), annotation \(index + 1)"
            guard let annotation = checked.value(place, &document.problems) else {
                document.homelessBoxes += 1
                continue
            }
            let positions = annotation.imageID.flatMap { images[$0] } ?? []
            if positions.isEmpty { document.homelessBoxes += 1 }
            do throws(DatasetError) {
                guard let box = try box(of: annotation, place, names, known.ambiguous, &ids) else {
                    for position in positions { document.images[position].lostBoxes += 1 }
                    continue
                }
                guard let position = positions.first else { throw DatasetError(.malformed, "its image is not listed") }
                guard positions.count == 1 else { throw DatasetError(.malformed, "its image's id occurs twice") }
                document.images[position].boxes.append(box)
            } catch {
                document.problems.append("\(place): \(error.reason)")
                for position in positions { document.images[position].lostBoxes += 1 }
            }
        }
    }

    /// - Returns: `nil` for a crowd.
    private mutating func box(
        of annotation: Annotation, _ place: String, _ names: [Int: String], _ ambiguous: Set<Int>, _ ids: inout Set<LooseText>
    ) throws(DatasetError) -> NamedBox? {
        guard !annotation.isCrowd else {
            if case .success(let content) = annotation.result, content.hasOutline { outlines += 1 }
            crowds += 1
            return nil
        }
        let content = try annotation.result.get()
        // An id of a box means nothing to a dataset.
        if let id = content.id, !ids.insert(id).inserted { repeated += 1 }
        var box = content.around
        if box != nil {
            refitted += 1
        } else {
            if content.hasOutline { outlines += 1 }
            guard content.hasBox else { throw DatasetError(.malformed, "it has no \"bbox\"") }
            guard content.box.count == 4 else { throw DatasetError(.malformed, "its \"bbox\" is not four numbers") }
            box = Box(x: content.box[0], y: content.box[1], width: content.box[2], height: content.box[3])
        }
        if let agreement = content.agreement, !(0...1).contains(agreement) {
            throw DatasetError(.malformed, "its agreement is not between 0 and 1")
        }
        guard !ambiguous.contains(content.categoryID) else { throw DatasetError(.malformed, "its category's id means two findings") }
        guard let box, let label = names[content.categoryID] else { throw DatasetError(.malformed, "its category is not listed") }
        categories.use(content.categoryID)
        return NamedBox(label: label, geometry: .pixels(box), reader: content.reader?.text, agreement: content.agreement, place: place)
    }

    /// Where each image of the file is in the document, by its id: in several places where several images have the id, for then no box
    /// says which one it is of.
    private mutating func readImages(_ list: [Checked<Image>], name: String, findings: [Int: String]) -> [LooseText: [Int]] {
        let part = PartNames.part(ofPath: name)
        var positions: [LooseText: [Int]] = [:]
        var names: Set<String> = []
        for (index, checked) in list.enumerated() {
            let place = "\(name), image \(index + 1)"
            guard let image = checked.value(place, &document.problems) else { continue }
            let isNew = names.insert(image.fileName).inserted
            if let known = positions[image.id] {
                if known.contains(where: { document.images[$0].name == image.fileName }) {
                    document.notes.append("\(place): it is there twice and was taken once")
                    continue
                }
                document.problems.append("\(place): its id occurs twice")
            } else if !isNew {
                document.notes.append("\(place): its file name occurs twice; the boxes of both are of one image")
            }
            positions[image.id, default: []].append(document.images.count)
            document.images.append(
                AnnotatedImage(
                    name: image.fileName, width: image.width?.value, height: image.height?.value, patient: image.patient?.text,
                    view: image.view, part: image.part ?? part, labels: image.labels, attributes: image.attributes?.texts ?? [:],
                    place: place))
            for unknown in image.unknown ?? [] {
                guard let box = unknown.place, let label = findings[unknown.categoryID] else {
                    document.problems.append("\(place): an unknown place is not a listed category and a box")
                    continue
                }
                document.images[document.images.count - 1].unknown.append(
                    NamedBox(label: label, geometry: .pixels(box), reader: unknown.reader, place: place))
            }
        }
        // Neither is then known to be normal.
        for places in positions.values where places.count > 1 { for place in places { document.images[place].lostBoxes += 1 } }
        return positions
    }

    /// The document with its classes.
    func finished() -> AnnotationDocument {
        var document = document
        if crowds > 0 { document.notes.append("\(crowds) crowds were left out") }
        if outlines > 0 { document.notes.append("the outlines of \(outlines) boxes are not carried") }
        if refitted > 0 { document.notes.append("\(refitted) annotations without a box have the box around their outline") }
        if repeated > 0 { document.notes.append("\(repeated) annotations have the id of another; all are kept") }
        document.classes = labelMap?.classes ?? categories.classes(&document.notes)
        return document
    }
}
