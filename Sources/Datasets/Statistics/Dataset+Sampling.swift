import Basics
import Findings

extension Dataset {
    /// Images to look at, evenly over the findings and the images without boxes, so that rare findings are seen too: an image counts for
    /// the rarest finding on it.
    /// - Parameters:
    ///   - count: How many at most.
    ///   - finding: Only images with a box of this finding, or with this finding said of them where no box has it.
    ///   - part: Only images of this part of a split.
    /// - Returns: In the label map's order of their findings, those without boxes last. The same for the same seed, whatever the order
    ///   of the images.
    /// - Throws: `DatasetError` where there is no such finding or part, or no image is left.
    public func sample(count: Int, seed: UInt64 = 1, finding: String? = nil, part: String? = nil) throws -> [DatasetImage] {
        var chosen = images
        if let part {
            chosen.removeAll { $0.part != part }
            guard !chosen.isEmpty else { throw DatasetError(.missing, "no image is in the part \"\(part)\"") }
        }
        if let finding {
            guard let id = findingClasses.first(where: { $0.name == finding })?.id else {
                let names = findingClasses.map(\.name).joined(separator: ", ")
                throw DatasetError(.missing, "there is no finding \"\(finding)\"; there are: \(names)")
            }
            let boxed = chosen.filter { $0.boxes.contains { $0.classID == id } }
            chosen = boxed.isEmpty ? chosen.filter { $0.labels?.contains(finding) == true } : boxed
            guard !chosen.isEmpty else { throw DatasetError(.missing, "no image has the finding \"\(finding)\"") }
        }
        guard !chosen.isEmpty else { throw DatasetError(.missing, "the dataset has no image") }
        var generator = SeededGenerator(seed: seed, stream: 3)
        let drawn = chosen.sorted { ($0.fileName, $0.id) < ($1.fileName, $1.id) }.map { (image: $0, lot: generator.next()) }
            .sorted { ($0.lot, $0.image.id) < ($1.lot, $1.image.id) }.map(\.image)
        var groups = Self.byRarestFinding(drawn, findingClasses)
        var taken: [[DatasetImage]] = groups.map { _ in [] }
        var left = max(0, count)
        while left > 0, groups.contains(where: { !$0.isEmpty }) {
            for index in groups.indices where left > 0 && !groups[index].isEmpty {
                taken[index].append(groups[index].removeFirst())
                left -= 1
            }
        }
        return taken.flatMap { $0 }
    }

    /// A group a class, and one for images without boxes.
    private static func byRarestFinding(_ images: [DatasetImage], _ classes: [FindingClass]) -> [[DatasetImage]] {
        var frequency: [Int: Int] = [:]
        for image in images { for id in Set(image.boxes.map(\.classID)) { frequency[id, default: 0] += 1 } }
        let places = classes.columns
        var groups: [[DatasetImage]] = Array(repeating: [], count: classes.count + 1)
        for image in images {
            let rarest = image.boxes.map(\.classID).min { (frequency[$0] ?? 0, $0) < (frequency[$1] ?? 0, $1) }
            groups[rarest.flatMap { places[$0] } ?? classes.count].append(image)
        }
        return groups
    }
}
