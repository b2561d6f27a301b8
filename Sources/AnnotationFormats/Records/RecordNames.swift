import Datasets
import Foundation
import Interchange

/// The names that records give their images. The image lies in the record, so a name that is a path of the machine that made it need not
/// lead anywhere: its last step is enough, with as many before it as tell it from the others.
enum RecordNames {
    static func heal(_ document: inout AnnotationDocument) {
        let foreign = document.images.indices.filter { isForeign(document.images[$0].name) }
        guard !foreign.isEmpty else { return }
        let steps = foreign.map { self.steps(document.images[$0].name) }
        var taken: [String: Int] = [:]
        for index in document.images.indices where !isForeign(document.images[index].name) {
            taken[document.images[index].name, default: 0] += 1
        }
        let last = Dictionary(steps.compactMap { $0.last.map { ($0, 1) } }, uniquingKeysWith: +)
        var healed = 0
        for (index, steps) in zip(foreign, steps) {
            // Without a step it stays what it is, and is refused by its place.
            guard let name = steps.last else { continue }
            let isAlone = last[name] == 1 && taken[name] == nil
            document.images[index].name = isAlone ? name : steps.joined(separator: "/")
            healed += 1
        }
        if healed > 0 {
            document.notes.append("\(healed) records name their image by a path of another machine: its end is the image's name")
        }
    }

    /// Absolute, of Windows, an address, or with steps that lead out.
    private static func isForeign(_ name: String) -> Bool { !FileNames.isInside(name) || name.contains("\\") || name.contains("://") }

    private static func steps(_ name: String) -> [String] {
        var steps = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).map(String.init).filter { $0 != "." && $0 != ".." }
        // A drive, or the scheme of an address.
        if let first = steps.first, first.hasSuffix(":") { steps.removeFirst() }
        return steps.contains { $0.utf8.contains(0) } ? [] : steps
    }
}
