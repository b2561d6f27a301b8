import Foundation
import SwiftProtobuf
import TFRecords
import TrainingExamples

/// Writes what a training measures as TensorBoard reads it: events (TensorFlow's `tensorflow.Event`, version 2) as records of a TFRecord
/// file, which grows while the run goes on.
///
/// Events are gathered and written together every few seconds, always whole ones: where the disk is full, what was written of the last is
/// cut off again, and the file stays readable. Used from one task.
public final class EventFileWriter {
    /// The file, there from the beginning.
    public let url: URL
    private let handle: FileHandle
    private let flushInterval: TimeInterval
    private let now: () -> Date
    private var lastFlush: Date
    /// Bytes of the file that are whole events.
    private var size: UInt64 = 0
    private var pending = Data()
    private var isClosed = false
    /// What is kept in memory while the disk takes nothing.
    private static let maximumPending = 64 << 20

    /// Opens a new file in the folder, behind those that are there.
    /// - Parameters:
    ///   - resumingAt: The first step that is written again after an interruption: what earlier files say of it and of later ones no longer
    ///     counts. `nil` in a new run.
    ///   - host: The last part of the file's name. TensorFlow puts the machine's name there, which a folder that is handed on need not tell.
    ///   - flushInterval: In seconds.
    ///   - now: The clock.
    /// - Throws: `TrainingError` of code `cannotWrite` where the folder takes no file.
    public init(
        folder: URL, resumingAt step: Int? = nil, host: String = "pleura", flushInterval: TimeInterval = 5,
        now: @escaping () -> Date = { Date() }
    ) throws {
        self.flushInterval = flushInterval
        self.now = now
        lastFlush = now()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            url = folder.appendingPathComponent(EventFileName.next(in: folder, host: host, now: lastFlush))
            try Data().write(to: url, options: .withoutOverwriting)
            handle = try FileHandle(forWritingTo: url)
        } catch {
            throw TrainingError(.cannotWrite, "\(folder.path) takes no file for TensorBoard")
        }
        try append(step: 0) { $0.fileVersion = "brain.Event:2" }
        // In a new run too: TensorBoard takes the first start of a folder for the beginning, and only later ones for interruptions.
        try append(step: step ?? 0) { $0.sessionLog = .with { $0.status = .start } }
        try flush()
    }

    deinit {
        try? close()
    }

    /// One value of a curve.
    /// - Parameters:
    ///   - tag: The curve's name; what stands before the first slash groups it.
    ///   - value: Kept with 32 bits.
    /// - Throws: `TrainingError` of code `cannotWrite`.
    public func addScalar(_ tag: String, _ value: Double, step: Int) throws { try addScalars([(tag, value)], step: step) }

    /// Values of several curves at one step, as one event.
    /// - Throws: `TrainingError` of code `cannotWrite`.
    public func addScalars(_ values: [(tag: String, value: Double)], step: Int) throws {
        guard !values.isEmpty else { return }
        // The plain form: TensorBoard makes a value of its scalar plugin of it, and the many scripts that read event files know it.
        try add(
            values.map { tag, value in
                .with {
                    $0.tag = tag
                    $0.simpleValue = Float(value)
                }
            }, step: step)
    }

    /// Writes what is gathered.
    /// - Throws: `TrainingError` of code `cannotWrite`; the events are kept for the next time, up to 64 MiB of them.
    public func flush() throws {
        lastFlush = now()
        guard !pending.isEmpty, !isClosed else { return }
        do {
            try handle.write(contentsOf: pending)
        } catch {
            try? handle.truncate(atOffset: size)
            if pending.count > Self.maximumPending { pending = Data() }
            throw TrainingError(.cannotWrite, "\(url.lastPathComponent): the disk takes no more")
        }
        size += UInt64(pending.count)
        pending = Data()
    }

    /// Call it last; what is added afterwards is lost.
    /// - Throws: `TrainingError` of code `cannotWrite`.
    public func close() throws {
        guard !isClosed else { return }
        defer {
            isClosed = true
            try? handle.close()
        }
        try flush()
    }

    private func add(_ values: [Pleura_TensorBoard_Summary.Value], step: Int) throws {
        try append(step: step) { $0.summary = .with { $0.value = values } }
        let waited = now().timeIntervalSince(lastFlush)
        // A clock that was set back must not hold the events for hours.
        if waited >= flushInterval || waited < 0 { try flush() }
    }

    private func append(step: Int, _ fill: (inout Pleura_TensorBoard_Event) -> Void) throws {
        guard !isClosed else { return }
        var event = Pleura_TensorBoard_Event()
        event.wallTime = now().timeIntervalSince1970
        event.step = Int64(step)
        fill(&event)
        let bytes: Data
        do {
            bytes = try event.serializedBytes()
        } catch {
            throw TrainingError(.cannotWrite, "\(url.lastPathComponent): an event cannot be written")
        }
        pending.append(TFRecord.framed(bytes))
    }
}
