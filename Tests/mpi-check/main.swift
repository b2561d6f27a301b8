import Foundation
import Tensors

// mpi-check NAME: one check, run by every process of an mpirun. The first writes what it measured as JSON; the tests judge it.

let checks: [String: (any ProcessGroup) throws -> [String: Double]] = [
    "sums": checkSums,
    "normalisation": checkNormalisation,
    "single-shot": { try checkGradients($0, .singleShot, isSynchronised: false) },
    "single-shot-synchronised": { try checkGradients($0, .singleShot, isSynchronised: true) },
    "centreness-synchronised": { try checkGradients($0, .centreness, isSynchronised: true) },
    "multiple-instance": checkInstances,
    "failure": checkFailure,
]

func say(_ text: String) { FileHandle.standardError.write(Data("mpi-check: \(text)\n".utf8)) }

guard CommandLine.arguments.count == 2, let check = checks[CommandLine.arguments[1]] else {
    say("usage: mpi-check \(checks.keys.sorted().joined(separator: "|"))")
    exit(2)
}
do {
    Engine.setThreads(1)
    let found = try MPIProcessGroup.run(failed: { say("\($0)") }) { group in
        (rank: group.rank, measured: try check(group))
    }
    if found.rank == 0 { FileHandle.standardOutput.write(try JSONSerialization.data(withJSONObject: found.measured)) }
} catch {
    say("\(error)")
    exit(1)
}
