import Datasets
import Findings
import Foundation
import Geometry
import LabelMaps

extension CheckedSet {
    /// Reads a dataset directory and goes on after every problem.
    init(directory: URL, path: String, set: Int) {
        read(directory, path, set)
    }

    private mutating func read(_ directory: URL, _ path: String, _ set: Int) {
        func problem(_ kind: DatasetProblem.Kind, _ place: String, _ message: String, image: String? = nil) {
            problems.append(DatasetProblem(kind, path: path, place: place, image: image, message: message))
        }
        do {
            classes = try LabelMap(contentsOf: directory.appendingPathComponent(Dataset.labelMapFile)).classes
        } catch {
            problem(.file, Dataset.labelMapFile, (error as? LabelMapError)?.reason ?? "it cannot be read")
        }
        let folds = readFolds(directory.appendingPathComponent(Dataset.foldsFile), path)
        hasFolds = !folds.isEmpty
        let document: LooseDocument
        do {
            let bytes = try Data(contentsOf: directory.appendingPathComponent(Dataset.annotationsFile), options: .mappedIfSafe)
            document = try JSONDecoder().decode(LooseDocument.self, from: bytes)
        } catch is DecodingError {
            return problem(.file, Dataset.annotationsFile, "it is not JSON, or not one object")
        } catch {
            return problem(.file, Dataset.annotationsFile, "it cannot be opened")
        }
        let names = classes.names
        if !classes.isEmpty {
            for (index, category) in (document.categories ?? []).enumerated()
            where category.id.flatMap({ names[$0] }) != category.name || category.name == nil {
                problem(.findingUnknown, "\(Dataset.annotationsFile), category \(index + 1)", "it is not that of \(Dataset.labelMapFile)")
            }
        }
        if document.images == nil { problem(.file, Dataset.annotationsFile, "it has no list \"images\"") }
        if document.annotations == nil { problem(.file, Dataset.annotationsFile, "it has no list \"annotations\"") }

        var positions: [Int: Int] = [:]
        var known: [String: String] = [:]
        for (index, image) in (document.images ?? []).enumerated() {
            let place = "\(Dataset.annotationsFile), image \(index + 1)"
            guard let fileName = image.fileName, FileNames.isInside(fileName) else {
                problem(.imageMissing, place, "its file name is not a path inside \(Dataset.imagesFolder)/")
                continue
            }
            // Entries of one file are compared without regard to case: the folder may come from a system that has none.
            if let first = known.updateValue(place, forKey: fileName.lowercased()) {
                known[fileName.lowercased()] = first
                problem(.imageTwice, place, "the file is listed above as \(first)", image: fileName)
                continue
            }
            let stem = (fileName as NSString).deletingPathExtension
            let patient = image.patient.flatMap { $0.isEmpty ? nil : $0 }
            if let id = image.id {
                if let first = positions[id] {
                    problem(.imageTwice, place, "it has the id of \(images[first].place)", image: fileName)
                } else {
                    positions[id] = images.count
                }
            } else {
                problem(.imageMissing, place, "it has no id, so no annotation can be of it", image: fileName)
            }
            images.append(
                CheckedImage(
                    set: set, path: path, place: place, fileName: fileName,
                    url: directory.appendingPathComponent(Dataset.imagesFolder).appendingPathComponent(fileName), width: image.width ?? 0,
                    height: image.height ?? 0, patient: patient ?? stem, isPatientKnown: patient != nil, part: image.part,
                    fold: folds[patient ?? stem], boxes: []))
        }
        addBoxes(document.annotations ?? [], positions, path, names)
    }

    private mutating func addBoxes(
        _ annotations: [LooseDocument.Annotation], _ positions: [Int: Int], _ path: String, _ names: [Int: String]
    ) {
        for (index, annotation) in annotations.enumerated() {
            let place = "\(Dataset.annotationsFile), annotation \(index + 1)"
            let position = annotation.imageID.flatMap { positions[$0] }
            let fileName = position.map { images[$0].fileName }
            func problem(_ kind: DatasetProblem.Kind, _ message: String) {
                problems.append(DatasetProblem(kind, path: path, place: place, image: fileName, message: message))
            }
            if position == nil { problem(.imageMissing, "its image is not listed") }
            if !names.isEmpty, annotation.categoryID.flatMap({ names[$0] }) == nil {
                problem(.findingUnknown, "its category is not in \(Dataset.labelMapFile)")
            }
            if let agreement = annotation.agreement, !(0...1).contains(agreement) {
                problem(.annotation, "its agreement is not between 0 and 1")
            }
            guard let sides = annotation.box, sides.count == 4, sides.allSatisfy(\.isFinite) else {
                problem(.boxEmpty, "its bbox is not four numbers")
                continue
            }
            guard sides[2] > 0, sides[3] > 0 else {
                problem(.boxEmpty, sides[2] < 0 || sides[3] < 0 ? "the box is inverted" : "the box is empty")
                continue
            }
            guard let position else { continue }
            let box = Box(x: sides[0], y: sides[1], width: sides[2], height: sides[3])
            images[position].boxes.append(
                CheckedImage.CheckedBox(
                    place: place,
                    annotation: Annotation(
                        classID: annotation.categoryID ?? 0, box: box, reader: annotation.reader, agreement: annotation.agreement)))
        }
    }

    /// The folds, each patient's first; `folds.csv` may be missing.
    private mutating func readFolds(_ url: URL, _ path: String) -> [String: Int] {
        guard FileManager.default.fileExists(atPath: url.path) else { return [:] }
        var folds: [String: Int] = [:]
        var rows: [String: Int] = [:]
        var found: [DatasetProblem] = []
        do {
            let table = try CSVFile(url)
            let (patients, numbers) = (try table.column("patient"), try table.column("fold"))
            try table.forEachRow { row, number in
                let place = table.place(number)
                guard row.count > max(patients, numbers), !row[patients].isEmpty, let fold = Int(row[numbers]), fold >= 0 else {
                    found.append(DatasetProblem(.file, path: path, place: place, message: "not a patient and a fold"))
                    return
                }
                if let first = rows[row[patients]] {
                    if folds[row[patients]] != fold {
                        found.append(
                            DatasetProblem(
                                .patientLeak, path: path, place: place, message: "the patient of row \(first) is in another fold here"))
                    }
                    return
                }
                (rows[row[patients]], folds[row[patients]]) = (number, fold)
            }
        } catch {
            found.append(
                DatasetProblem(
                    .file, path: path, place: Dataset.foldsFile, message: (error as? DatasetError)?.reason ?? "it cannot be read"))
        }
        problems += found
        return folds
    }

    /// A dataset that an import made; its messages count images and boxes in the order of the source.
    init(_ dataset: Dataset, path: String, set: Int) {
        classes = dataset.findingClasses
        hasFolds = !dataset.folds.isEmpty
        images = dataset.images.enumerated().map { index, image in
            CheckedImage(
                set: set, path: path, place: "image \(index + 1)", fileName: image.fileName, url: dataset.url(of: image),
                width: image.width,
                height: image.height, patient: image.patient, isPatientKnown: image.patient != image.stem, part: image.part,
                fold: dataset.fold(of: image),
                boxes: image.boxes.enumerated().map {
                    CheckedImage.CheckedBox(place: "image \(index + 1), box \($0 + 1)", annotation: $1)
                })
        }
    }
}
