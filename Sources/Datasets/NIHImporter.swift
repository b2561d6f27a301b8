import Findings
import Foundation
import Radiographs

/// Makes a dataset of NIH ChestX-ray14 (Wang et al., CVPR 2017) as NIH ships it: `BBox_List_2017.csv` with the radiologists' boxes,
/// `Data_Entry_2017.csv` with the view, `images/`, and a `folds.csv` where there is one.
///
/// Classes are the findings that the box list names, in alphabetical order, with ids from 1. Images are matched to rows by their
/// names without suffix, as copies of the archive are often JPEG while its lists say PNG. An image says whose it is in what comes
/// before the underscore.
public struct NIHImporter: Sendable {
    /// True copies the images; false lays symbolic links.
    public var copiesImages: Bool
    /// How many folds patients are spread over who are in no `folds.csv`: by their number, modulo this.
    public var foldCount: Int

    public init(copiesImages: Bool = false, foldCount: Int = 4) {
        self.copiesImages = copiesImages
        self.foldCount = max(1, foldCount)
    }

    /// - Parameters:
    ///   - source: The folder with the box list.
    ///   - normals: Folders of images without findings; those that have boxes in `source` are left out.
    ///   - target: The dataset directory to make; it must not be there, or be empty.
    /// - Throws: `DatasetError` with every problem, each with file and row; then nothing is written.
    public func importDataset(from source: URL, normals: [URL] = [], to target: URL) throws -> Dataset {
        let boxed = try NIHFolder(source)
        let list = try NIHBoxList(source, images: boxed.images)
        var problems = boxed.problems + list.problems
        var folds: [String: Int] = [:]
        let foldsURL = source.appendingPathComponent(Dataset.foldsFile)
        if FileManager.default.fileExists(atPath: foldsURL.path) {
            do { folds = try FoldsFile.read(foldsURL) } catch let error as DatasetError { problems += error.problems }
        }
        var images: [(image: DatasetImage, file: URL)] = []
        func add(_ stem: String, _ folder: NIHFolder, _ boxes: [Annotation]) {
            guard let file = folder.images[stem] else { return }
            do {
                let header = try RasterHeader(Data(contentsOf: file, options: .mappedIfSafe))
                let whole = Box(x: 0, y: 0, width: Double(header.width), height: Double(header.height))
                guard boxes.allSatisfy({ $0.box.intersection(whole).area > 0.9 * $0.box.area }) else {
                    problems.append("\(NIHBoxList.fileName), row \(list.firstRow[stem] ?? 0): a box that is not on its image")
                    return
                }
                let patient = NIHFolder.patient(stem)
                if folds[patient] == nil, let number = Int(patient) { folds[patient] = number % foldCount }
                images.append(
                    (
                        DatasetImage(
                            id: images.count + 1, fileName: file.lastPathComponent, width: header.width, height: header.height,
                            patient: patient, view: folder.views[stem], boxes: boxes), file
                    ))
            } catch {
                let reason = (error as? RadiographError)?.description ?? "cannot be opened"
                problems.append("\(folder.name), image \(folder.position(stem)) of images/ by name: \(reason)")
            }
        }
        for stem in list.boxes.keys.sorted() { add(stem, boxed, list.boxes[stem] ?? []) }
        for url in normals {
            let folder = try NIHFolder(url)
            problems += folder.problems
            let taken = Set(images.map(\.image.stem))
            for stem in folder.images.keys.sorted() where !taken.contains(stem) { add(stem, folder, []) }
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        return try Dataset.creating(target) { directory in
            try lay(images.map(\.file), in: directory.appendingPathComponent(Dataset.imagesFolder))
            return Dataset(directory: directory, findingClasses: list.classes, images: images.map(\.image), folds: folds)
        }
    }

    private func lay(_ files: [URL], in folder: URL) throws {
        let manager = FileManager.default
        do {
            for file in files {
                let target = folder.appendingPathComponent(file.lastPathComponent)
                if copiesImages {
                    try manager.copyItem(at: file.resolvingSymlinksInPath(), to: target)
                } else {
                    try manager.createSymbolicLink(at: target, withDestinationURL: file.absoluteURL.standardizedFileURL)
                }
            }
        } catch {
            throw DatasetError(.cannotWrite, "the images cannot be laid into \(Dataset.imagesFolder)/")
        }
    }
}
