import Basics
import Datasets
import Findings
import Foundation
import Radiographs

extension PhantomGenerator {
    /// Draws a dataset directory: pictures, their boxes, and four folds with as many pictures each as can be. All processors draw.
    ///
    /// - Parameters:
    ///   - count: Pictures; the first ones are the same whatever the count.
    ///   - directory: Made where it is missing, in one step. Phantoms that are in it already are replaced; a folder that holds another dataset, or
    ///     other files under the names of phantoms, is left alone.
    ///   - format: Of the pictures.
    ///   - hasMasks: Whether `masks/` says where lungs, heart and clavicles are: an indexed PNG a picture, of `AnatomyBits`.
    ///   - progress: Called with the number of pictures done, by one thread at a time.
    /// - Returns: The dataset as it was written.
    /// - Throws: `DatasetError` or `RadiographError`; what the format's encoder throws.
    @discardableResult
    public func writeDataset(
        count: Int, to directory: URL, format: PhantomFileFormat = .png, hasMasks: Bool = false, progress: (Int) -> Void = { _ in }
    ) throws -> Dataset {
        guard count > 0 else { throw DatasetError(.malformed, "a dataset of \(count) phantoms has nothing in it") }
        let contents = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
        guard contents?.isEmpty ?? !FileManager.default.fileExists(atPath: directory.path) else {
            try requirePhantoms(directory, count: count, suffix: format.suffix)
            return try fill(directory, count: count, format: format, hasMasks: hasMasks, progress: progress).write(to: directory)
        }
        return try Dataset.creating(directory) { try fill($0, count: count, format: format, hasMasks: hasMasks, progress: progress) }
    }

    /// - Throws: `DatasetError` of code `exists` where something would be replaced that is no phantom's.
    private func requirePhantoms(_ directory: URL, count: Int, suffix: String) throws {
        let names = [Dataset.annotationsFile, Dataset.labelMapFile, Dataset.foldsFile]
        func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: directory.appendingPathComponent(name).path) }
        let former = (try? Dataset.read(directory: directory))?.images ?? []
        let known = Set(former.map(\.fileName))
        guard let taken = names.first(where: isThere) else {
            guard
                let file = (0..<count).lazy.map({ "\(name($0)).\(suffix)" }).first(where: { isThere("\(Dataset.imagesFolder)/\($0)") })
            else { return }
            throw DatasetError(.exists, "\(file) is there, and no dataset beside it that says it is a phantom")
        }
        guard !former.isEmpty, former.allSatisfy({ isOwn($0.patient) }) else {
            throw DatasetError(.exists, "\(taken) is there, and it is not of phantoms; name another folder")
        }
        for index in 0..<count {
            let file = "\(name(index)).\(suffix)"
            guard known.contains(file) || !isThere("\(Dataset.imagesFolder)/\(file)") else {
                throw DatasetError(.exists, "\(file) is there, and the dataset beside it does not name it")
            }
        }
    }

    /// What the patient of an index is called: other seeds draw other people.
    private func patient(_ index: Int) -> String { "\(name(index))_of_seed_\(seed)" }

    /// Whether somebody is a phantom of this kind.
    private func isOwn(_ patient: String) -> Bool {
        guard patient.hasPrefix(kind.prefix + "_") else { return false }
        return patient.dropFirst(kind.prefix.count).wholeMatch(of: #/_\d+_of_seed_\d+/#) != nil
    }

    /// What the phantom of an index is called: the file's name without its suffix.
    func name(_ index: Int) -> String {
        let digits = String(index + 1)
        return kind.prefix + "_" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }

    /// Writes the pictures.
    private func fill(
        _ directory: URL, count: Int, format: PhantomFileFormat, hasMasks: Bool, progress: (Int) -> Void
    ) throws -> Dataset {
        let folder = directory.appendingPathComponent("images")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            if hasMasks {
                let masks = directory.appendingPathComponent(Dataset.masksFolder)
                try FileManager.default.createDirectory(at: masks, withIntermediateDirectories: true)
            }
        } catch {
            throw DatasetError(.cannotWrite, "the directory for the images cannot be made")
        }
        var images: [DatasetImage] = []
        var folds: [String: Int] = [:]
        // A few pictures for each processor at a time, so that memory does not grow with the count and errors end the run soon.
        let chunk = 4 * max(1, ProcessInfo.processInfo.activeProcessorCount)
        for start in stride(from: 0, to: count, by: chunk) {
            let indices = start..<min(count, start + chunk)
            for image in try drawn(indices, into: folder, format: format, hasMasks: hasMasks) {
                images.append(image)
                folds[image.patient] = (image.id - 1) % 4
                progress(images.count)
            }
        }
        return Dataset(directory: directory, findingClasses: kind.findingClasses, images: images, folds: folds)
    }

    /// Draws, encodes and writes some pictures at the same time.
    /// - Throws: The first picture's error, in their order.
    private func drawn(_ indices: Range<Int>, into folder: URL, format: PhantomFileFormat, hasMasks: Bool) throws -> [DatasetImage] {
        let results = Concurrent.map(indices.count, stretch: 1) { place in
            Result { try write(indices.lowerBound + place, into: folder, format: format, hasMasks: hasMasks) }
        }
        return try results.map { try $0.get() }
    }

    private func write(_ index: Int, into folder: URL, format: PhantomFileFormat, hasMasks: Bool) throws -> DatasetImage {
        let phantom = phantom(index, hasAnatomy: hasMasks)
        let name = name(index)
        let fileName = "\(name).\(format.suffix)"
        let bytes = try format.encode(phantom, patient(index))
        let mask =
            phantom.anatomy.isEmpty
            ? nil : try AnatomyBits.png(phantom.anatomy, width: phantom.pixels.width, height: phantom.pixels.height)
        do {
            try bytes.write(to: folder.appendingPathComponent(fileName), options: .atomic)
            let masks = folder.deletingLastPathComponent().appendingPathComponent(Dataset.masksFolder)
            try mask?.write(to: masks.appendingPathComponent("\(name).png"), options: .atomic)
        } catch {
            throw DatasetError(.cannotWrite, "the directory of the images does not take new files")
        }
        return DatasetImage(
            id: index + 1, fileName: fileName, width: phantom.pixels.width, height: phantom.pixels.height,
            patient: patient(index), view: phantom.view.isEmpty ? nil : phantom.view, boxes: phantom.lesions)
    }
}
