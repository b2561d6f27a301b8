import Basics
import Findings
import Foundation
import Geometry
import LabelMaps

extension Dataset {
    /// Reads a dataset directory. The images themselves are not opened; `folds.csv` may be missing.
    /// - Throws: `DatasetError` with every problem found in `annotations.json`; `LabelMapError` of the label map.
    public static func read(directory: URL) throws -> Dataset {
        guard let bytes = try? Data(contentsOf: directory.appendingPathComponent(annotationsFile)) else {
            throw DatasetError(.missing, "\(annotationsFile) cannot be opened")
        }
        let document: COCODocument
        do {
            document = try JSONDecoder().decode(COCODocument.self, from: TextDecoding.utf8(bytes) ?? bytes)
        } catch {
            throw DatasetError(.malformed, "\(annotationsFile) is not in COCO's format")
        }
        let labelMap = try LabelMap(contentsOf: directory.appendingPathComponent(labelMapFile))
        let foldsURL = directory.appendingPathComponent(foldsFile)
        let folds = FileManager.default.fileExists(atPath: foldsURL.path) ? try FoldsFile.read(foldsURL) : [:]
        let (sources, ontology) = try readSources(in: directory)

        var problems = categoryProblems(document.categories, labelMap)
        var images: [Int: DatasetImage] = [:]
        var names: Set<String> = []
        for (index, image) in document.images.enumerated() {
            if let problem = problem(of: image) {
                problems.append("\(annotationsFile), image \(index + 1): \(problem)")
            } else if images[image.id] != nil || !names.insert(image.fileName).inserted {
                problems.append("\(annotationsFile), image \(index + 1): its id or its file name occurs twice")
            } else {
                let stem = (image.fileName as NSString).deletingPathExtension
                images[image.id] = DatasetImage(
                    id: image.id, fileName: image.fileName, width: image.width, height: image.height, patient: image.patient ?? stem,
                    view: image.view, part: image.part, labels: image.labels, attributes: image.attributes ?? [:])
            }
        }
        let known = Set(labelMap.classes.map(\.id))
        for (index, image) in document.images.enumerated() {
            for place in image.unknown ?? [] {
                guard known.contains(place.categoryID), let box = place.place else {
                    problems.append(
                        "\(annotationsFile), image \(index + 1): an unknown place is not a category of \(labelMapFile) and a box")
                    continue
                }
                images[image.id]?.unknown.append(Annotation(classID: place.categoryID, box: box, reader: place.reader))
            }
            for place in image.absent ?? [] {
                guard known.contains(place.categoryID), let box = place.place else {
                    problems.append(
                        "\(annotationsFile), image \(index + 1): an absent place is not a category of \(labelMapFile) and a box")
                    continue
                }
                images[image.id]?.absent.append(Annotation(classID: place.categoryID, box: box, reader: place.reader))
            }
        }
        for (index, annotation) in document.annotations.enumerated() {
            let place = "\(annotationsFile), annotation \(index + 1)"
            guard annotation.box.count == 4, annotation.box.allSatisfy(\.isFinite), annotation.box[2] > 0, annotation.box[3] > 0 else {
                problems.append("\(place): its bbox is not x, y and a positive width and height")
                continue
            }
            if let agreement = annotation.agreement, !(0...1).contains(agreement) {
                problems.append("\(place): its agreement is not between 0 and 1")
            }
            if images[annotation.imageID] == nil { problems.append("\(place): its image is not listed") }
            if !known.contains(annotation.categoryID) { problems.append("\(place): its category is not in \(labelMapFile)") }
            let box = Box(x: annotation.box[0], y: annotation.box[1], width: annotation.box[2], height: annotation.box[3])
            images[annotation.imageID]?.boxes.append(
                Annotation(classID: annotation.categoryID, box: box, reader: annotation.reader, agreement: annotation.agreement))
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        return Dataset(
            directory: directory, findingClasses: labelMap.classes, images: images.values.sorted { $0.id < $1.id }, folds: folds,
            sources: sources, ontology: ontology)
    }

    /// COCO's categories, where given, must say the same as the label map.
    private static func categoryProblems(_ categories: [COCODocument.Category], _ labelMap: LabelMap) -> [String] {
        let names = labelMap.classes.names
        return categories.filter { names[$0.id] != $0.name }
            .map { "\(annotationsFile): category \($0.id) is not the one of \(labelMapFile)" }
    }

    /// Names come from outside and are joined to a path: they must stay in the folder.
    private static func problem(of image: COCODocument.Image) -> String? {
        if !FileNames.isInside(image.fileName) {
            return "its file name is not a path inside \(imagesFolder)/"
        }
        return image.width > 0 && image.height > 0 ? nil : "its width or height is not positive"
    }
}
