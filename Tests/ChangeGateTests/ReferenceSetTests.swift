import ChangeGate
import Datasets
import Findings
import Foundation
import Geometry
import HashChains
import PleuraTesting
import Testing

@Suite struct ReferenceSetTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func dataset() throws -> Dataset {
        let images = (0..<40).map { index in
            DatasetImage(
                id: index + 1, fileName: "\(index).png", width: 8, height: 8, patient: "p\(index / 2)",
                boxes: index % 3 == 0 ? [Annotation(classID: 1, box: Box(x: 1, y: 1, width: 3, height: 3))] : [])
        }
        let dataset = try Dataset(
            directory: folder.url, findingClasses: [FindingClass(id: 1, name: "Mass")], images: images, folds: [:]
        ).write(to: folder.url)
        for image in images { try Data("picture \(image.id)".utf8).write(to: dataset.url(of: image)) }
        return dataset
    }

    @Test func aSetIsTheOneThatWasLocked() throws {
        var dataset = try dataset()
        let set = try ReferenceSet(locking: dataset, name: "house")
        try set.json.write(to: folder.file(ReferenceSet.fileName))
        let read = try ReferenceSet.read(in: folder.url)
        #expect(read == set)
        try read.verify(dataset)
        // No patient is on both sides.
        let (judging, fitting) = (read.images(of: dataset, forFitting: false), read.images(of: dataset, forFitting: true))
        #expect(judging.count + fitting.count == 40 && fitting.count >= 6 && judging.count >= 20)
        #expect(Set(judging.map(\.patient)).isDisjoint(with: fitting.map(\.patient)))
        #expect(dataset.images.allSatisfy { read.contains(patient: $0.patient) } && !read.contains(patient: "somebody else"))
        #expect(!String(decoding: try set.json, as: UTF8.self).contains("\"p1\""))

        dataset.images[3].boxes[0].box.x += 0.5
        #expect { try read.verify(dataset) } throws: { ($0 as? GateError)?.code == .altered }
        dataset.images[3].boxes[0].box.x -= 0.5
        try Data("another picture".utf8).write(to: dataset.url(of: dataset.images[7]))
        #expect { try read.verify(dataset) } throws: { ($0 as? GateError)?.reason.contains("7.png") == true }
    }

    /// Ten looks and no more; the same two models again are no other look, and a forged look shows.
    @Test func looksAreCounted() throws {
        let log = LookLog(folder: folder.url)
        for number in 1...10 {
            #expect(try log.count(current: "a", candidate: "b\(number)", reference: "r", most: 10) == number)
            #expect(try log.count(current: "a", candidate: "b\(number)", reference: "r", most: 10) == number)
        }
        #expect { try log.count(current: "a", candidate: "c", reference: "r", most: 10) } throws: {
            ($0 as? GateError)?.code == .lookedAtTooOften
        }
        #expect(try log.count(current: "a", candidate: "c", reference: "another", most: 10) == 1)
        let file = folder.file("looks.jsonl")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        try Data((lines.dropFirst().joined(separator: "\n") + "\n").utf8).write(to: file)
        #expect { try log.looks() } throws: { ($0 as? ChainError)?.code == .broken }
    }
}
