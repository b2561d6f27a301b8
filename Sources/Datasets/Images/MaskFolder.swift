import Basics
import Findings
import Foundation
import Radiographs

/// A folder of radiographs with masks of their structures: `images/`, `masks/` with an indexed PNG a picture (`AnatomyBits`), and where there is
/// one `folds.csv` of images or patients. It becomes a dataset without boxes.
public struct MaskFolder {
    public let url: URL
    /// True copies the images; false lays symbolic links.
    public var copiesImages = false

    public init(_ url: URL) { self.url = url }

    /// What came of it.
    public struct Outcome: Sendable {
        public var dataset: Dataset
        /// Images without a mask, which are left out.
        public var unmasked: Int
    }

    /// - Parameter target: The dataset directory to make.
    /// - Throws: `DatasetError` where there are no masks, or one does not fit its picture.
    public func importDataset(to target: URL, inspector: any ImageInspector = RasterInspector()) throws -> Outcome {
        let (images, masks) = (
            url.appendingPathComponent(Dataset.imagesFolder), url.appendingPathComponent(Dataset.masksFolder)
        )
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: images.path),
            FileManager.default.fileExists(atPath: masks.path)
        else { throw DatasetError(.missing, "\(url.lastPathComponent): masks are imported from a folder of images/ and masks/") }
        let folds = try self.folds()
        var (entries, unmasked, problems) = ([DatasetImage](), 0, ProblemList())
        for name in names.sorted() where !name.hasPrefix(".") {
            let file = images.appendingPathComponent(name)
            guard inspector.isImage(file) else { continue }
            let stem = FileNames.stem(name)
            guard let bytes = try? Data(contentsOf: masks.appendingPathComponent(stem + ".png")) else {
                unmasked += 1
                continue
            }
            do {
                let facts = try inspector.facts(of: file)
                guard !facts.needsConversion else {
                    throw RadiographError(.unsupported, "a picture that has to be converted goes with no mask")
                }
                let mask = try AnatomyBits.read(png: bytes)
                guard (mask.width, mask.height) == (facts.width, facts.height) else {
                    throw RadiographError(
                        .unsupported, "the mask is \(mask.width) x \(mask.height), the picture \(facts.width) x \(facts.height)")
                }
                entries.append(
                    DatasetImage(
                        id: entries.count + 1, fileName: name, width: facts.width, height: facts.height, patient: stem,
                        view: facts.view))
            } catch {
                problems.append("masks/\(stem).png: \((error as? RadiographError)?.reason ?? "it cannot be read")")
            }
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        guard !entries.isEmpty else { throw DatasetError(.malformed, "no picture of \(url.lastPathComponent) has a mask") }
        let classes = AnatomyBits.names.enumerated().map { FindingClass(id: $0 + 1, name: $1) }
        let laying = ImageLaying(copies: copiesImages)
        let made = try Dataset.creating(target) { directory in
            for entry in entries {
                try laying.lay(
                    images.appendingPathComponent(entry.fileName),
                    at: directory.appendingPathComponent(Dataset.imagesFolder).appendingPathComponent(entry.fileName))
                try laying.lay(
                    masks.appendingPathComponent(entry.stem + ".png"),
                    at: directory.appendingPathComponent(Dataset.masksFolder).appendingPathComponent(entry.stem + ".png"))
            }
            return Dataset(
                directory: directory, findingClasses: classes, images: entries,
                folds: folds.filter { fold in entries.contains { $0.patient == fold.key } })
        }
        return Outcome(dataset: made, unmasked: unmasked)
    }

    /// By the image's name without its suffix.
    private func folds() throws -> [String: Int] {
        let file = url.appendingPathComponent(Dataset.foldsFile)
        guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
        let table = try CSVFile(file)
        let (images, numbers) = (try (try? table.column("image")) ?? table.column("patient"), try table.column("fold"))
        var (folds, problems) = ([String: Int](), ProblemList())
        table.forEachRecord { record, number in
            guard case .fields(let row) = record, row.count > max(images, numbers), let fold = Int(row[numbers]), fold >= 0 else {
                problems.append("\(table.place(number)): not an image and a fold")
                return
            }
            folds[FileNames.stem(row[images])] = fold
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        return folds
    }
}
