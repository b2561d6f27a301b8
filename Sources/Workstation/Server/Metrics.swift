import Foundation
import Synchronization

/// What happened since the start, in Prometheus' text format (exposition format 0.0.4). Numbers alone: no names, no addresses.
final class Metrics: Sendable {
    private struct State {
        var answers: [Int: Int] = [:]
        var seconds: [Int] = Array(repeating: 0, count: Metrics.steps.count + 1)
        var sum = 0.0
        var receivedBytes = 0
        var taken = 0
        var duplicates = 0
        var refused = 0
    }

    private static let steps = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10]
    private let state = Mutex(State())

    func answered(_ status: Int, after duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        state.withLock { state in
            state.answers[status, default: 0] += 1
            state.seconds[Self.steps.firstIndex { seconds <= $0 } ?? Self.steps.count] += 1
            state.sum += seconds
        }
    }

    func received(bytes: Int, taken: Int, duplicates: Int, refused: Int) {
        state.withLock { state in
            state.receivedBytes += bytes
            state.taken += taken
            state.duplicates += duplicates
            state.refused += refused
        }
    }

    /// - Parameter gauges: By name: what it means, and what it is now.
    func text(gauges: [(name: String, help: String, value: Double)]) -> String {
        let state = state.withLock { $0 }
        var lines: [String] = []
        func head(_ name: String, _ kind: String, _ help: String) {
            lines.append("# HELP \(name) \(help)")
            lines.append("# TYPE \(name) \(kind)")
        }
        head("pleura_http_answers_total", "counter", "Answers by status.")
        for (status, count) in state.answers.sorted(by: { $0.key < $1.key }) {
            lines.append("pleura_http_answers_total{status=\"\(status)\"} \(count)")
        }
        head("pleura_http_answer_seconds", "histogram", "Seconds until an answer began.")
        var total = 0
        for (index, step) in Self.steps.enumerated() {
            total += state.seconds[index]
            lines.append("pleura_http_answer_seconds_bucket{le=\"\(step)\"} \(total)")
        }
        total += state.seconds[Self.steps.count]
        lines.append("pleura_http_answer_seconds_bucket{le=\"+Inf\"} \(total)")
        lines.append("pleura_http_answer_seconds_sum \(state.sum)")
        lines.append("pleura_http_answer_seconds_count \(total)")
        for (name, help, value) in [
            ("pleura_received_bytes_total", "Bytes of uploads.", state.receivedBytes),
            ("pleura_instances_taken_total", "New instances.", state.taken),
            ("pleura_instances_duplicate_total", "Instances that had been there.", state.duplicates),
            ("pleura_instances_refused_total", "Files that were refused.", state.refused),
        ] {
            head(name, "counter", help)
            lines.append("\(name) \(value)")
        }
        var family = ""
        for gauge in gauges {
            // Those of one name with other labels stand together under one head.
            let name = String(gauge.name.prefix { $0 != "{" })
            if name != family { head(name, name.hasSuffix("_total") ? "counter" : "gauge", gauge.help) }
            family = name
            lines.append("\(gauge.name) \(gauge.value)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
