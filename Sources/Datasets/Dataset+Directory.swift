import Findings
import Foundation
import SwiftCSV

extension Dataset {
    /// Reads a dataset directory.
    /// - Throws: `DatasetError` with every problem found.
    public static func read(directory: URL) throws -> Dataset {
        func bytes(_ name: String) throws -> Data {
            guard let bytes = try? Data(contentsOf: directory.appendingPathComponent(name)) else {
                throw DatasetError(.unreadable, "\(name) cannot be opened in \(directory.path)")
            }
            return bytes
        }
        let document: COCODocument
        do {
            document = try JSONDecoder().decode(COCODocument.self, from: bytes(annotationsFile))
        } catch let error as DatasetError {
            throw error
        } catch {
            throw DatasetError(.malformed, "\(annotationsFile) is not COCO's format")
        }
        let labelMap = try LabelMap(pbtxt: String(decoding: bytes(labelMapFile), as: UTF8.self))
        let known = Set(labelMap.classes.map(\.id))
        var problems: [String] = []
        var images: [Int: DatasetImage] = [:]
        for image in document.images {
            let isPlain =
                !image.fileName.isEmpty && !image.fileName.hasPrefix("/") && !image.fileName.split(separator: "/").contains("..")
            guard isPlain else {
                problems.append("\(annotationsFile): image \(image.id) has a file name that leaves the folder")
                continue
            }
            guard images[image.id] == nil else {
                problems.append("\(annotationsFile): image id \(image.id) occurs twice")
                continue
            }
            images[image.id] = DatasetImage(
                id: image.id, fileName: image.fileName, width: image.width, height: image.height,
                patient: image.patient ?? (image.fileName as NSString).deletingPathExtension, view: image.view)
        }
        for annotation in document.annotations {
            guard annotation.bbox.count == 4, images[annotation.imageID] != nil, known.contains(annotation.categoryID) else {
                problems.append("\(annotationsFile): annotation \(annotation.id) has an unknown image or category, or no four numbers")
                continue
            }
            let box = Box(x: annotation.bbox[0], y: annotation.bbox[1], width: annotation.bbox[2], height: annotation.bbox[3])
            guard !box.isEmpty else {
                problems.append("\(annotationsFile): annotation \(annotation.id) is an empty box")
                continue
            }
            images[annotation.imageID]?.boxes.append(Annotation(classID: annotation.categoryID, box: box))
        }
        let foldsURL = directory.appendingPathComponent(foldsFile)
        let folds = FileManager.default.fileExists(atPath: foldsURL.path) ? try FoldsFile.read(foldsURL) : [:]
        guard problems.isEmpty else { throw DatasetError(.malformed, "\(problems.count) problems", problems: problems) }
        return Dataset(
            directory: directory, findingClasses: labelMap.classes, images: images.values.sorted { $0.id < $1.id }, folds: folds)
    }

    /// Writes `annotations.json`, `label_map.pbtxt` and `folds.csv`, each to a new file that then takes the old one's place. The images
    /// themselves are the caller's.
    public func writeDescription() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do {
            try FileManager.default.createDirectory(
                at: directory.appendingPathComponent(Self.imagesFolder), withIntermediateDirectories: true)
            try Data(LabelMap(findingClasses).pbtxt.utf8).write(to: directory.appendingPathComponent(Self.labelMapFile), options: .atomic)
            try FoldsFile.text(folds).write(to: directory.appendingPathComponent(Self.foldsFile), atomically: true, encoding: .utf8)
            try encoder.encode(COCODocument(self)).write(to: directory.appendingPathComponent(Self.annotationsFile), options: .atomic)
        } catch let error as FindingsError {
            throw error
        } catch {
            throw DatasetError(.cannotWrite, "\(directory.path) cannot be written")
        }
    }
}

/// `folds.csv`: patient, fold.
enum FoldsFile {
    static func read(_ url: URL) throws -> [String: Int] {
        guard let table = try? EnumeratedCSV(url: url) else {
            throw DatasetError(.unreadable, "\(url.lastPathComponent) cannot be read as CSV")
        }
        var folds: [String: Int] = [:]
        var problems: [String] = []
        for (index, row) in table.rows.enumerated() {
            guard row.count >= 2, !row[0].isEmpty, let fold = Int(row[1]), fold >= 0 else {
                problems.append("\(url.lastPathComponent), row \(index + 2): not a patient and a fold")
                continue
            }
            if let known = folds[row[0]], known != fold {
                problems.append("\(url.lastPathComponent), row \(index + 2): a patient in two folds")
            }
            folds[row[0]] = fold
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, "\(problems.count) problems", problems: problems) }
        return folds
    }

    static func text(_ folds: [String: Int]) -> String {
        "patient,fold\n" + folds.sorted { $0.key < $1.key }.map { "\($0.key),\($0.value)\n" }.joined()
    }
}
