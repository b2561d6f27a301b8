import Findings
import Foundation
import Radiographs

extension PhantomGenerator {
    /// Draws a dataset directory: 12-bit values in 16-bit PNG files, their boxes, and four folds with as many pictures each as can be.
    ///
    /// - Parameters:
    ///   - count: Pictures; the first ones are the same whatever the count.
    ///   - directory: Made where it is missing; files of the same names are replaced.
    ///   - progress: Called with the number of pictures done.
    /// - Returns: The dataset as it was written.
    /// - Throws: `DatasetError` or `RadiographError`.
    @discardableResult
    public func writeDataset(count: Int, to directory: URL, progress: (Int) -> Void = { _ in }) throws -> Dataset {
        guard count > 0 else { throw DatasetError(.malformed, "a dataset of \(count) phantoms has nothing in it") }
        let folder = directory.appendingPathComponent("images")
        var images: [DatasetImage] = []
        var folds: [String: Int] = [:]
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw DatasetError(.cannotWrite, "\(folder.path) cannot be made")
        }
        for index in 0..<count {
            let phantom = phantom(index)
            let digits = String(index + 1)
            let name = "phantom_" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
            let bytes = try phantom.pixels.png()
            do {
                try bytes.write(to: folder.appendingPathComponent(name + ".png"), options: .atomic)
            } catch {
                throw DatasetError(.cannotWrite, "\(folder.path) does not take new files")
            }
            images.append(
                DatasetImage(
                    id: index + 1, fileName: name + ".png", width: phantom.pixels.width, height: phantom.pixels.height, patient: name,
                    view: phantom.view, boxes: phantom.lesions))
            folds[name] = index % 4
            progress(index + 1)
        }
        let dataset = Dataset(directory: directory, findingClasses: Self.findingClasses, images: images, folds: folds)
        return try dataset.write(to: directory)
    }
}
