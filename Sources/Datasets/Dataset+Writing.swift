import Basics
import Findings
import Foundation
import LabelMaps

extension Dataset {
    /// Writes `annotations.json`, `label_map.pbtxt` and `folds.csv` into a directory that is made where it is missing. Each file is
    /// written aside and then takes the old one's place. The images are the caller's.
    /// - Returns: This dataset, as it lies there.
    /// - Throws: `DatasetError`; `LabelMapError` where the classes make no label map.
    @discardableResult
    public func write(to directory: URL) throws -> Dataset {
        let labelMap = try LabelMap(findingClasses)
        do {
            let images = directory.appendingPathComponent(Self.imagesFolder)
            try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
            try Data(labelMap.pbtxt.utf8).write(to: directory.appendingPathComponent(Self.labelMapFile), options: .atomic)
            try Data(FoldsFile.text(folds).utf8).write(to: directory.appendingPathComponent(Self.foldsFile), options: .atomic)
            try COCODocument.write(self, to: directory.appendingPathComponent(Self.annotationsFile))
            try writeSources(to: directory)
        } catch {
            throw DatasetError(.cannotWrite, "the dataset's directory cannot be written")
        }
        return moved(to: directory)
    }

    private func moved(to directory: URL) -> Dataset {
        Dataset(
            directory: directory, findingClasses: findingClasses, images: images, folds: folds, embedded: embedded, sources: sources,
            ontology: ontology)
    }

    /// Makes a dataset directory in one step: `fill` gets a directory beside the target, which takes the target's name only when
    /// everything is in it. What fails leaves nothing behind.
    /// - Throws: `DatasetError` of code `exists` where the target is there and not an empty directory; what `fill` throws.
    package static func creating(_ target: URL, fill: (URL) throws -> Dataset) throws -> Dataset {
        try AtomicFolder(target, failure: DatasetError.init).fill { try fill($0).write(to: $0) }.moved(to: target)
    }
}
