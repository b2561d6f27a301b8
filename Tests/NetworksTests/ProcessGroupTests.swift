import Foundation
import PleuraTesting
import Testing

/// Training in several processes: what they get together is what one process gets alone. `mpi-check` is started by `mpirun`, measures, and
/// says how far the two are apart.
@Suite(.serialized, .enabled(if: Launcher.mpirun != nil, "there is no mpirun here: apt-get install openmpi-bin"))
struct ProcessGroupTests {
    @Test(arguments: [2, 3]) func sumsMeansBroadcastsAndTheirDerivatives(_ count: Int) throws {
        var measured = try Launcher.measure("sums", count: count)
        #expect(measured.removeValue(forKey: "count") == Double(count))
        #expect(measured.removeValue(forKey: "layout kept") == 1)
        #expect(measured.count == 8)
        for (name, difference) in measured { #expect(difference <= 1e-6, "\(name): \(difference)") }
    }

    @Test(arguments: [2, 3]) func synchronisedNormalisationIsThatOfTheWholeBatch(_ count: Int) throws {
        let measured = try Launcher.measure("normalisation", count: count)
        #expect(measured.count == 8)
        for (name, difference) in measured { #expect(difference <= (name.hasSuffix("16 bits") ? 0.01 : 1e-5), "\(name): \(difference)") }
    }

    @Test(arguments: ["single-shot", "single-shot-synchronised", "centreness-synchronised"])
    func gradientsAreThoseOfTheWholeBatch(_ check: String) throws {
        let measured = try Launcher.measure(check, count: 2)
        #expect(try #require(measured["compared"]) > 150)
        #expect(try #require(measured["loss"]) <= 1e-5)
        #expect(try #require(measured["gradients"]) <= 1e-5)
    }

    @Test(arguments: [2, 3]) func labelledFindingsWithoutABoxAddUp(_ count: Int) throws {
        let measured = try Launcher.measure("multiple-instance", count: count)
        #expect(measured.count == 2)
        for (name, difference) in measured { #expect(difference <= 1e-5, "\(name): \(difference)") }
    }

    /// The other process waits for it in a barrier, and must not wait for ever.
    @Test func oneThatFailsEndsAll() throws {
        let result = try Launcher.start("failure", count: 2)
        #expect(result.status != 0 && result.status != 124, "124: it hung")
        #expect(result.errors.contains("mpi-check: gave up"))
    }
}

private enum Launcher {
    static let mpirun = OtherProgram.found("mpirun")

    static func start(_ check: String, count: Int) throws -> Shell.Result {
        let program = try ProgramUnderTest.file("mpi-check").path
        // A test runs as root in a container and on machines with fewer cores than processes; both need to be asked for.
        return try Shell.run(
            program: "/usr/bin/timeout",
            [
                "120", #require(mpirun), "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-np", "\(count)", program, check,
            ])
    }

    static func measure(_ check: String, count: Int) throws -> [String: Double] {
        let result = try start(check, count: count)
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode([String: Double].self, from: Data(result.output.utf8))
    }
}
