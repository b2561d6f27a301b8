import Foundation
import Synchronization

/// Where a run's time went: processor time of each step, since steps run side by side and their clocks would overlap.
public struct PipelineTimes: Hashable, Sendable {
    /// The steps of the pipeline.
    public enum Step: String, CaseIterable, Sendable {
        /// Reading the file and decoding its pixels.
        case decode
        /// From pixels to the network's input.
        case preprocess
        /// From the network's output to findings.
        case postprocess
        /// What is made of an image afterwards: pictures.
        case finish
        /// Handing over in order: files and progress.
        case deliver
    }

    /// Seconds of processor time of each step, over all threads.
    public private(set) var seconds: [Step: Double] = [:]
    /// Seconds of processor time of the whole process while the pipeline ran; what no step took is the network's.
    public internal(set) var process = 0.0
    /// Seconds by the clock.
    public internal(set) var wall = 0.0
    public internal(set) var images = 0

    public init() {}

    /// Seconds of processor time of the networks, and of the threads' waiting for each other.
    public var network: Double { max(0, process - seconds.values.reduce(0, +)) }

    mutating func add(_ step: Step, _ more: Double) { seconds[step, default: 0] += more }
}

/// Times that several threads add to.
final class PipelineClock: Sendable {
    private let times = Mutex(PipelineTimes())
    private let begin = ContinuousClock.now
    private let processBegin = PipelineClock.seconds(CLOCK_PROCESS_CPUTIME_ID)

    func measure<Result>(_ step: PipelineTimes.Step, _ body: () throws -> Result) rethrows -> Result {
        let begin = Self.seconds(CLOCK_THREAD_CPUTIME_ID)
        defer {
            let more = Self.seconds(CLOCK_THREAD_CPUTIME_ID) - begin
            times.withLock { $0.add(step, more) }
        }
        return try body()
    }

    func result(images: Int) -> PipelineTimes {
        times.withLock { times in
            times.images = images
            times.wall = (ContinuousClock.now - begin) / .seconds(1)
            times.process = Self.seconds(CLOCK_PROCESS_CPUTIME_ID) - processBegin
            return times
        }
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
