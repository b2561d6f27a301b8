import ArgumentParser
import Basics
import Console
import Foundation
import Outputs
import Triage

private let arrivalsRange = OptionRange.real(0...100_000, isAbove: true)
private let loadRange = OptionRange.real(0...10, isAbove: true)
private let minutesRange = OptionRange.real(0...1440, isAbove: true)
private let variationRange = OptionRange.real(0...100)
private let readersRange = OptionRange<Int>.whole(1...Staffing.most)
private let shareRange = OptionRange.share
private let limitRange = OptionRange.real(Allowances.limits)
private let hoursRange = OptionRange.real(0...1_000_000, isAbove: true)
private let replicationsRange = OptionRange<Int>.whole(1...1000)
private let seedRange = OptionRange.seed

struct TriageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "triage", abstract: "Choose the order of a worklist, and see who waits for it.", subcommands: [TriageSimulate.self])
}

/// Who waits how long, by order of the worklist.
struct TriageSimulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Waiting times by finding in order of arrival, of scores and of due dates, with the cost to what the model misses.",
        discussion: """
            Studies are a site's own, or drawn from rates: --arrivals-per-hour or --load, --reading-minutes, and a --prevalence of each finding. \
            The file is CSV with columns arrival (ISO 8601 or minutes), reading_minutes, findings (parted by ;) and, if there are any, flagged \
            (what the model shows), score, urgency (stat or routine). Documentation/Triage.md explains the figures. Prints tables unless \
            --json - takes standard output. Research use only.
            """)

    @Argument(help: ArgumentHelp("A CSV file of arrival and reading times.", valueName: "file"))
    var file: String?
    @Option(help: arrivalsRange.help("Studies that come in an hour", "x"), transform: arrivalsRange.parse)
    var arrivalsPerHour: Double?
    @Option(
        help: loadRange.help("Instead of --arrivals-per-hour: the work that comes, over what the readers can do", "x"),
        transform: loadRange.parse)
    var load: Double?
    @Option(help: minutesRange.help("Mean time of a reading", "minutes", usual: 4), transform: minutesRange.parse)
    var readingMinutes: Double?
    @Option(
        help: variationRange.help(
            "Standard deviation of reading times over their mean, which are lognormal then; exponential if not given", "x"),
        transform: variationRange.parse)
    var readingVariation: Double?
    @Option(help: readersRange.help("Who reads from the list", "n", usual: 1), transform: readersRange.parse)
    var readers = 1
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Hours of the day with other numbers of readers, such as 20-8=1 or 17:30-7=2.", valueName: "from-to=n ..."))
    var shortStaffed: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("The share of studies that have each finding, such as Pneumothorax=0.02.", valueName: "finding=share ..."))
    var prevalence: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The share of studies with a finding on which the model shows it: of all findings, 0.9, or of each, Pneumothorax=0.95.",
            valueName: "finding=share ..."))
    var sensitivity: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The share of studies without a finding on which the model does not show it, likewise.", valueName: "finding=share ..."))
    var specificity: [String] = []
    @Option(help: shareRange.help("Studies that a person wants at once, first in every order", "x", usual: 0), transform: shareRange.parse)
    var stat: Double?
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Minutes from arrival until a study is due, such as Pneumothorax=10; of other, stat and nothing_seen, too.",
            valueName: "finding=minutes ..."))
    var allowance: [String] = []
    @Option(
        help: limitRange.help("Also the score order in which studies of nothing shown go to the top when they waited longer", "minutes"),
        transform: limitRange.parse)
    var limit: Double?
    @Option(help: hoursRange.help("The time that is counted, of each replication", "hours", usual: 1000), transform: hoursRange.parse)
    var hours: Double?
    @Option(
        help: replicationsRange.help("How often chance is drawn anew, for the intervals", "n", usual: 20),
        transform: replicationsRange.parse)
    var replications = 20
    @Option(help: seedRange.help("The same seed gives the same figures", "n", usual: 1), transform: seedRange.parse)
    var seed: UInt64 = 1
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        if file?.isEmpty == true { throw ValidationError("A file's name must not be empty.") }
        _ = try shares(prevalence, "--prevalence", needsName: true)
        _ = try shares(sensitivity, "--sensitivity")
        _ = try shares(specificity, "--specificity")
        _ = try minutes()
        _ = try hoursOfDay()
        guard file == nil else {
            let rates: [(String, Bool)] = [
                ("--arrivals-per-hour", arrivalsPerHour != nil), ("--load", load != nil), ("--reading-minutes", readingMinutes != nil),
                ("--reading-variation", readingVariation != nil), ("--prevalence", !prevalence.isEmpty), ("--stat", stat != nil),
                ("--hours", hours != nil),
            ]
            if let (name, _) = rates.first(where: \.1) { throw ValidationError("\(name) is for rates; the file says it itself.") }
            return
        }
        if (arrivalsPerHour == nil) == (load == nil) {
            throw ValidationError("A file, --arrivals-per-hour or --load is needed, and one of them only.")
        }
        if prevalence.isEmpty { throw ValidationError("--prevalence is needed, such as --prevalence Pneumothorax=0.02.") }
    }

    func run() throws {
        try reports.claim(inputs: [file].compactMap { $0 })
        let report = try simulation().run()
        try Failure.writing {
            if reports.printsText { StandardOutput.write(TriageTable.text(report)) }
            try reports.write("triage simulate", report)
        }
    }

    private func simulation() throws -> TriageSimulation {
        let staffing = try Staffing(readers: readers, hours: hoursOfDay())
        let allowances = try Allowances.standard.setting(minutes())
        if let file {
            let workload = try Failure.about(file) {
                try RecordedWorkload(try TimesFile.read(file), accuracy: try accuracy())
            }
            return try TriageSimulation(
                workload, staffing: staffing, allowances: allowances, limit: limit, replications: replications, seed: seed)
        }
        let workload = try rates(staffing)
        return try TriageSimulation(
            workload, staffing: staffing, allowances: allowances, limit: limit, replications: replications, seed: seed)
    }

    private func rates(_ staffing: Staffing) throws -> RatedWorkload {
        let accuracy = try accuracy()
        let rates = try shares(prevalence, "--prevalence", needsName: true).map { name, share in
            guard let accuracy = accuracy(name) else {
                throw Failure(.wrongUse, "\(name): --sensitivity and --specificity are needed; a model's card has them")
            }
            return RatedWorkload.FindingRate(name, prevalence: share, accuracy: accuracy)
        }
        let mean = readingMinutes ?? 4
        let times = readingVariation.map { ReadingTimes.lognormal(mean: mean, variation: $0) } ?? .exponential(mean: mean)
        return try RatedWorkload(
            arrivalsPerHour: arrivalsPerHour ?? (load ?? 0) * staffing.meanReaders * 60 / mean, readingTimes: times, rates: rates,
            statShare: stat ?? 0, hours: hours ?? 1000)
    }

    /// How the model does on a finding, by name.
    private func accuracy() throws -> (String) -> ModelAccuracy? {
        let (sensitivities, specificities) = (try shares(sensitivity, "--sensitivity"), try shares(specificity, "--specificity"))
        return { name in
            guard let sensitivity = Self.share(of: name, in: sensitivities), let specificity = Self.share(of: name, in: specificities)
            else { return nil }
            return ModelAccuracy(sensitivity: sensitivity, specificity: specificity)
        }
    }

    // MARK: Options of several words

    private static func share(of name: String, in shares: [(String, Double)]) -> Double? {
        (shares.first { WorklistClass.folded($0.0) == WorklistClass.folded(name) } ?? shares.first { $0.0.isEmpty })?.1
    }

    private func shares(_ texts: [String], _ option: String, needsName: Bool = false) throws -> [(String, Double)] {
        try Self.pairs(texts, option, "0 to 1", 0...1, needsName: needsName)
    }

    private func minutes() throws -> [String: Double] {
        let pairs = try Self.pairs(allowance, "--allowance", "minutes, 0 to 43200", Allowances.limits, needsName: true)
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private func hoursOfDay() throws -> [Staffing.Hours] {
        try shortStaffed.map { text in
            guard let hours = Staffing.Hours(text) else {
                throw ValidationError(
                    "The value '\(text)' is invalid for '--short-staffed': it is as 20-8=1, hours of the day and 0 to 100 readers")
            }
            return hours
        }
    }

    /// Names with numbers, each once; without a name, where it may be, the number is of all.
    private static func pairs(
        _ texts: [String], _ option: String, _ words: String, _ range: ClosedRange<Double>, needsName: Bool
    ) throws -> [(String, Double)] {
        let form = needsName ? "it is a finding, =, and a number, \(words)" : "it is a number, \(words), or a finding, =, and such a number"
        var names: Set<String> = []
        return try texts.map { text in
            // A name may have a sign in it, its number has none.
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            let name = parts.dropLast().joined(separator: "=").trimmingCharacters(in: .whitespaces)
            guard let number = parts.last.flatMap({ Double($0) }), range.contains(number), parts.count > 1 ? !name.isEmpty : !needsName
            else {
                throw ValidationError("The value '\(text)' is invalid for '\(option)': \(form)")
            }
            guard names.insert(WorklistClass.folded(name)).inserted else {
                throw ValidationError(name.isEmpty ? "\(option) says it twice." : "\(option) has \(name) twice.")
            }
            return (name, number + 0)
        }
    }
}
