import AnnotationFormats
import Datasets
import Findings
import Foundation
import Interchange
import PleuraTesting
import SwiftProtobuf
import TFRecords
import Testing

/// Whatever becomes of an annotation file's bytes, it is read or refused by file and place, and nothing crashes or hangs.
///
/// A few seconds in every run; `PLEURA_FUZZ=100000` is the long form, with that many mutations of each format.
@Suite struct DamagedAnnotationTests {
    /// A source on the disk, of which one file after the other is damaged.
    private struct Source {
        let folder: URL
        /// Annotations by path, as they were written.
        let files: [(path: String, bytes: Data)]

        init(_ format: any AnnotationFormat, in root: TemporaryFolder) throws {
            var maker = RandomDataset(RandomDataset.everything)
            maker.imageCount = 5
            let dataset = try maker.make(seed: 11, in: root.file("dataset"))
            folder = root.file("source")
            try DatasetExporter(format).write(dataset, to: folder)
            let source = try AnnotationSource(folder)
            let root = folder.standardizedFileURL.path + "/"
            files = try source.files.filter { !["png", "jpg"].contains($0.pathExtension.lowercased()) }.map { file in
                let path = String(file.standardizedFileURL.path.dropFirst(root.count))
                return (path, try Data(contentsOf: file))
            }
        }
    }

    private static let tokens = [
        "\"", "'", "<", ">", "</", "<!--", "<![CDATA[", "<!DOCTYPE", "&amp;", "&#0;", "{", "}", "[", "]", ",", ";", ":", "\t", "|", "\n",
        "\r", " ",
        "\u{FEFF}", "null", "true", "NaN", "1e400", "-1", "0", "0.5", "99999999999999999999", "../", "/", "\\", "\\u0000", "\\ud800",
        "images/",
        "item", "name", "id", "train", "- ", "? ", "!!", "&a", "*a", "%", "\u{0}", "frame", "track", "[[[[[[[[", "{\"a\":", "sep=;\n",
    ].map { Data($0.utf8) }

    @Test(.timeLimit(.minutes(240)), arguments: AnnotationFormats.all.map(\.name))
    func damagedFilesAreReadOrRefusedWithTheirPlace(name: String) throws {
        let format = try #require(AnnotationFormats.named(name))
        let root = try TemporaryFolder()
        let source = try Source(format, in: root)
        var mutator = Mutator(seed: 22, tokens: Self.tokens, headSize: 400)
        var shapes: Set<String> = []
        for round in 0..<Fuzzing.rounds(usual: 150) {
            let file = source.files[mutator.below(source.files.count)]
            let url = source.folder.appendingPathComponent(file.path)
            let damaged = Self.damaged(file, &mutator)
            try damaged.write(to: url)
            defer { try? file.bytes.write(to: url) }
            let read = try AnnotationSource(source.folder)
            var problems: [String]
            do {
                problems = Array(try format.read(read).problems)
            } catch {
                problems = (error as? DatasetError).map { Array($0.problems) } ?? ["\(error)"]
            }
            for problem in problems where !Self.isPlaced(problem, source) {
                let shape = problem.replacing(/[0-9]+/, with: "N")
                if shapes.insert(shape).inserted { Issue.record("\(problem): \(file.path): \(damaged.base64EncodedString())") }
            }
            // Recognising and all that comes after the reading cost more.
            if round % 8 == 0 { _ = try? AnnotationFormats.recognised(read) }
            if round % 16 == 0 {
                var importer = DatasetImporter()
                importer.skipsInvalid = true
                let target = root.file("imported")
                _ = try? importer.importDataset(read, format: format, to: target)
                try? FileManager.default.removeItem(at: target)
            }
        }
    }

    /// Half of the records get right checksums after the damage, or else nothing behind them would ever be tried.
    private static func damaged(_ file: (path: String, bytes: Data), _ mutator: inout Mutator) -> Data {
        guard file.path.contains(".record"), mutator.below(2) == 0 else { return mutator.mutate(file.bytes) }
        let length = Int(file.bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        return TFRecord.framed(mutator.mutate(file.bytes.dropFirst(12).prefix(length))) + file.bytes.dropFirst(12 + length + 4)
    }

    /// Whether a problem names a file, or says which file is missing, in one short line.
    private static func isPlaced(_ problem: String, _ source: Source) -> Bool {
        guard !problem.contains(where: \.isNewline), problem.count < 400 else { return false }
        if source.files.contains(where: { problem.contains($0.path) || problem.contains(($0.path as NSString).lastPathComponent) }) {
            return true
        }
        return whole.contains(problem) || problem.hasSuffix(": no image is there") || problem.contains(#/^image [0-9]+ by path: /#)
    }

    /// What is said where the file that should be there is not known any more.
    private static let whole: Set<String> = [
        "there is no CSV file", "no JSON file is there", "no XML file is there", "there is no TFRecord file",
        "no names of findings: data.yaml, classes.txt or obj.names has them",
    ]
}
