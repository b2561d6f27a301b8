import Datasets
import Findings
import Foundation
import Geometry

/// An image of the dataset with what it is made of.
package struct AssembledImage {
    package var image: DatasetImage
    package var content: AnnotatedImage.Content
    /// True where a PNG is made of the file.
    package var converts: Bool
    /// For messages.
    package var place: String
}

extension DatasetImporter {
    /// Holds boxes against images, numbers and names them. Two entries of one image, as several readers' exports can have, become one.
    package func assemble(_ located: [LocatedImage], _ classes: [FindingClass], _ problems: inout ProblemList) -> [AssembledImage] {
        let ids = Dictionary(classes.map { ($0.name, $0.id) }) { first, _ in first }
        var images: [AssembledImage] = []
        var lost: [Int: Int] = [:]
        var positions: [String: Int] = [:]
        for item in located {
            guard let facts = item.facts else { continue }
            let (boxes, lostBoxes) = boxes(of: item, facts, ids, &problems)
            let unknown = unknownPlaces(of: item, facts, ids, &problems)
            var name = fileName(item, facts)
            // Images of one name in the folders of two parts keep their folders.
            if let known = positions[name], images[known].content != item.content, !item.image.folder.isEmpty,
                positions["\(item.image.folder)/\(name)"] == nil
            {
                name = "\(item.image.folder)/\(name)"
            }
            if let known = positions[name] {
                guard images[known].content == item.content else {
                    problems.append("\(item.place): another image has this file name")
                    continue
                }
                // Training and test would share it, and keeping one part would hide that.
                guard item.image.part == nil || item.image.part == images[known].image.part else {
                    problems.append("\(item.image.place): this image is in another part above")
                    continue
                }
                images[known].image.boxes += boxes
                images[known].image.unknown += unknown
                lost[known, default: 0] += lostBoxes
                continue
            }
            positions[name] = images.count
            lost[images.count] = lostBoxes
            images.append(
                AssembledImage(
                    image: datasetImage(item, facts, named: name, boxes, unknown), content: item.content, converts: facts.needsConversion,
                    place: item.place))
        }
        return withoutFalseNormals(images, lost)
    }

    private func datasetImage(
        _ item: LocatedImage, _ facts: ImageFacts, named name: String, _ boxes: [Annotation], _ unknown: [Annotation]
    ) -> DatasetImage {
        let image = item.image
        return DatasetImage(
            id: 0, fileName: name, width: facts.width, height: facts.height, patient: patient(image, facts, named: name),
            view: image.view ?? facts.view, part: image.part, labels: image.labels.map { $0.map { renames[$0] ?? $0 } },
            attributes: image.attributes, boxes: boxes, unknown: unknown)
    }

    /// Those that can be used, and how many of the image are lost.
    private func boxes(
        of item: LocatedImage, _ facts: ImageFacts, _ ids: [String: Int], _ problems: inout ProblemList
    ) -> (boxes: [Annotation], lost: Int) {
        var boxes: [Annotation] = []
        for named in item.image.boxes {
            let box = named.box(width: facts.width, height: facts.height)
            if let reason = fault(of: box, on: facts) {
                problems.append("\(named.place): \(reason)")
            } else if let id = ids[renames[named.label] ?? named.label] {
                boxes.append(Annotation(classID: id, box: box, reader: named.reader, agreement: named.agreement))
            } else {
                problems.append("\(named.place): the finding is not in the label map")
            }
        }
        return (boxes, item.image.boxes.count - boxes.count + item.image.lostBoxes)
    }

    /// Places where a finding is neither there nor absent, held against the image as boxes are.
    private func unknownPlaces(
        of item: LocatedImage, _ facts: ImageFacts, _ ids: [String: Int], _ problems: inout ProblemList
    ) -> [Annotation] {
        item.image.unknown.compactMap { named in
            let box = named.box(width: facts.width, height: facts.height)
            if let reason = fault(of: box, on: facts) {
                problems.append("\(named.place): \(reason)")
                return nil
            }
            guard let id = ids[renames[named.label] ?? named.label] else {
                problems.append("\(named.place): the finding is not in the label map")
                return nil
            }
            return Annotation(classID: id, box: box, reader: named.reader)
        }
    }

    /// Leaves out images that lost their only boxes, which a training would learn as normal, and numbers the others from 1.
    private func withoutFalseNormals(_ images: [AssembledImage], _ lost: [Int: Int]) -> [AssembledImage] {
        var kept = images.enumerated().filter { !$1.image.isNormal || lost[$0] ?? 0 == 0 }.map(\.element)
        for index in kept.indices { kept[index].image.id = index + 1 }
        return kept
    }

    /// Why a box cannot be on the image; readers draw a pixel or two over the edge, so only a tenth of it may be outside.
    private func fault(of box: Box, on facts: ImageFacts) -> String? {
        guard !box.isEmpty, box.x.isFinite, box.y.isFinite else { return "the box is empty, inverted or not numbers" }
        let inside = box.clipped(toWidth: Double(facts.width), height: Double(facts.height)).area
        return inside > Annotation.leastShareOnImage * box.area ? nil : "a box that is not on its image"
    }

    /// - Parameter name: Of the file, with its suffix: a source's name without one may have a dot.
    private func patient(_ image: AnnotatedImage, _ facts: ImageFacts, named name: String) -> String {
        if let patientAttribute, let named = image.attributes[patientAttribute], !named.isEmpty { return named }
        if patientsAreChosen { return patients.patient(fileName: name) }
        return image.patient ?? facts.patient ?? patients.patient(fileName: name)
    }

    /// The name inside `images/`: as the annotations spell it, with the suffix that the file really has.
    private func fileName(_ item: LocatedImage, _ facts: ImageFacts) -> String {
        let stem = FileNames.withoutImageSuffix(item.name)
        if facts.needsConversion { return stem + ".png" }
        guard case .file(let file) = item.content else { return item.name }
        guard FileNames.hasImageSuffix(file.lastPathComponent) else { return stem + "." + facts.suffix }
        return (item.name as NSString).pathExtension == file.pathExtension ? item.name : stem + "." + file.pathExtension
    }
}
