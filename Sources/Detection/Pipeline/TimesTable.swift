import Foundation

/// Where a run's time went, for `--profile`: processor time of each step beside what the machine could have given.
public enum TimesTable {
    /// - Parameters:
    ///   - times: Of the pipeline.
    ///   - start: Seconds by the clock from the start of the program to the pipeline: loading the model, finding the files.
    ///   - end: Seconds after it: writing the results.
    public static func text(_ times: PipelineTimes, start: Double, end: Double, cores: Int) -> String {
        let names: [(String, Double)] = [
            ("read and decode", times.seconds[.decode] ?? 0), ("preprocess", times.seconds[.preprocess] ?? 0),
            ("network", times.network), ("postprocess", times.seconds[.postprocess] ?? 0),
            ("draw and encode", times.seconds[.finish] ?? 0), ("write in order", times.seconds[.deliver] ?? 0),
        ]
        let given = times.wall * Double(cores)
        let images = Double(max(1, times.images))
        func row(_ name: String, _ seconds: Double, share: Double) -> String {
            name.padding(toLength: 18, withPad: " ", startingAt: 0)
                + String(format: "%10.3f %12.2f %8.1f %%", seconds, seconds * 1_000 / images, share * 100)
        }
        var lines = ["step                 seconds     ms/image    share"]
        lines += names.map { row($0.0, $0.1, share: given > 0 ? $0.1 / given : 0) }
        lines.append(row("cores without work", max(0, given - times.process), share: given > 0 ? max(0, 1 - times.process / given) : 0))
        lines.append(
            String(
                format: "%d images in %.3f s on %d cores: %.1f a second; before it %.3f s, after it %.3f s", times.images, times.wall,
                cores,
                times.wall > 0 ? Double(times.images) / times.wall : 0, start, end))
        return lines.joined(separator: "\n")
    }
}
