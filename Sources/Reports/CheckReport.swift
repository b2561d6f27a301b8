import Basics
import DatasetChecks
import Datasets
import Findings
import Foundation
import Outputs

/// What a check of a dataset found, as text and as JSON.
public enum CheckReport {
    /// Counts up when a key changes its meaning.
    public static let schema = 1

    /// One line a problem, failures first, and a line that sums up; each ends in a line feed.
    public static func text(_ report: DatasetCheckReport) -> String {
        let lines = report.problems.map { "\($0.severity.rawValue): \(MarkupText.printable($0.line))\n" }
        return lines.joined() + MarkupText.printable(summary(report)) + "\n"
    }

    /// `1003 images, 788 boxes, 805 patients: 2 failures (1 box-twice, 1 picture-leak), 1 warning`.
    public static func summary(_ report: DatasetCheckReport) -> String {
        func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        let kinds = Dictionary(grouping: report.failures, by: \.kind.rawValue).sorted { $0.key < $1.key }
            .map { "\($0.value.count) \($0.key)" }.joined(separator: ", ")
        let failures = report.failures.isEmpty ? "no failure" : "\(counted(report.failures.count, "failure")) (\(kinds))"
        let warnings = report.warnings.isEmpty ? "" : ", \(counted(report.warnings.count, "warning"))"
        let depth = report.hasReadPixels ? "" : " (headers only: pixels were not read, copies not looked for)"
        return "\(counted(report.images, "image")), \(counted(report.boxes, "box").replacingOccurrences(of: "boxs", with: "boxes")), "
            + "\(counted(report.patients, "patient")): \(failures)\(warnings)\(depth)"
    }

    /// The same for programs; absent values are left out.
    /// - Throws: `ReportError` of code `cannotEncode`.
    public static func json(_ report: DatasetCheckReport) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        do {
            return try encoder.encode(Document(report)) + Data("\n".utf8)
        } catch {
            throw ReportError(.cannotEncode, "the report")
        }
    }

    private struct Document: Encodable {
        var schema = CheckReport.schema
        var notice = Notice.researchUseOnly
        var paths: [String]
        var images: Int
        var boxes: Int
        var patients: Int
        var pixels: Bool
        var failures: Int
        var warnings: Int
        var problems: [DatasetProblem]

        init(_ report: DatasetCheckReport) {
            paths = report.paths
            images = report.images
            boxes = report.boxes
            patients = report.patients
            pixels = report.hasReadPixels
            failures = report.failures.count
            warnings = report.warnings.count
            problems = report.problems
        }
    }
}
