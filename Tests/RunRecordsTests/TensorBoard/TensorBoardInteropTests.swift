import Foundation
import PleuraTesting
import RunRecords
import Testing

private let python = OtherProgram.named(by: "PLEURA_TENSORBOARD")

/// Our event files in the hands of the real TensorBoard: of its library, and of its server with both of its readers. `make test-interop`
/// lays TensorBoard and names its Python by `PLEURA_TENSORBOARD`; without it the suite is left out.
@Suite(.enabled(if: python != nil, "PLEURA_TENSORBOARD names no Python; make test-interop does"))
struct TensorBoardInteropTests {
    /// What one of its readers says is in the folder.
    private struct Reading: Decodable {
        /// By tag: step and value.
        var scalars: [String: [[Double]]]
    }

    /// A run of 3,000 steps that is cut off, goes on at step 1,200, is cut off in the middle of an event, and goes on at step 2,500.
    @Test func tensorBoardReadsEveryValueOnce() throws {
        let root = try TemporaryFolder()
        var expected: [String: [Int: Double]] = [:]
        for (part, steps) in [0..<2_000, 1_200..<2_700, 2_500..<3_000].enumerated() {
            let writer = try EventFileWriter(folder: root.url, resumingAt: part == 0 ? nil : steps.lowerBound)
            for tag in expected.keys { expected[tag] = expected[tag]?.filter { $0.key < steps.lowerBound } }
            for step in steps {
                let values = [("train/loss", 3 / Double(step + 1) + Double(part)), ("learning rate", 1e-3 * Double(step))]
                try writer.addScalars(values, step: step)
                for (tag, value) in values { expected[tag, default: [:]][step] = Double(Float(value)) }
                if step % 500 == 0 {
                    try writer.addScalar("metrics/mAP50", Double(step) / 7, step: step)
                    expected["metrics/mAP50", default: [:]][step] = Double(Float(Double(step) / 7))
                }
            }
            try writer.close()
            if part == 1 {
                // As after kill -9: half an event at the end.
                let handle = try FileHandle(forWritingTo: writer.url)
                try handle.seekToEnd()
                try handle.write(contentsOf: Data([40, 0, 0, 0, 0, 0, 0, 0, 1, 2]))
                try handle.close()
            }
        }
        let script = Repository.root.appendingPathComponent("Tests/Interop/tensorboard_events.py")
        let result = try Shell.run(program: #require(python), ["-B", script.path, "read", root.url.path])
        try #require(result.status == 0, "\(result.errors.suffix(2_000))")
        let line = try #require(result.output.split(separator: "\n").last { $0.hasPrefix("RESULT") })
        let readings = try JSONDecoder().decode([String: Reading].self, from: Data(line.dropFirst(6).utf8))
        #expect(readings.keys.sorted() == ["fastServer", "library", "server"])
        for (reader, reading) in readings {
            #expect(reading.scalars.keys.sorted() == expected.keys.sorted(), "\(reader)")
            for (tag, points) in expected {
                let got = reading.scalars[tag] ?? []
                #expect(got.map { Int($0[0]) } == points.keys.sorted(), "\(reader) \(tag)")
                #expect(got.allSatisfy { points[Int($0[0])] == $0[1] }, "\(reader) \(tag)")
            }
        }
    }
}
