import Datasets
import Foundation

extension AnnotationSource {
    /// Reads every CSV file of the source that is such a table. A file that cannot be read is a problem of the document, and the others
    /// are read. Where none is such a table, as when a format was forced, all are tried, so that it is told what they lack.
    package func readTables(
        where isTable: (URL) -> Bool, into images: inout AnnotatedImages, _ read: (AnnotationTable, inout AnnotatedImages) throws -> Void
    ) throws {
        let candidates = isFolder ? files(withSuffix: "csv").filter { $0.lastPathComponent != Dataset.foldsFile } : files
        guard !candidates.isEmpty else { throw DatasetError(.missing, "there is no CSV file") }
        let tables = candidates.filter(isTable)
        for file in tables.isEmpty ? candidates : tables {
            do {
                let table = try AnnotationTable(file, in: self)
                if let note = table.file.note { images.document.notes.append(note) }
                try read(table, &images)
            } catch {
                images.document.problems += (error as? DatasetError)?.problems ?? ["\(name(of: file)) cannot be read"]
            }
        }
    }
}

extension AnnotatedImages {
    /// Changes the image of this name, added where it is new.
    /// - Throws: What `body` throws.
    package mutating func update(_ name: String, _ place: @autoclosure () -> String, _ body: (inout AnnotatedImage) throws -> Void) rethrows
    {
        try body(&self[name, place()])
    }
}

/// One storage for texts that come again and again, such as findings' names over a million rows.
package struct SharedStrings {
    private var strings: Set<String> = []

    package init() {}

    package subscript(text: String) -> String {
        mutating get {
            // Up to fifteen bytes lie inside the string itself.
            guard text.utf8.count > 15 else { return text }
            return strings.insert(text).memberAfterInsert
        }
    }
}
