import Foundation
import PleuraTesting
import Tensors
import Testing

@Suite struct ProcessLaunchTests {
    @Test func oneProcessIsByItself() throws {
        for environment in [
            [:], ["OMPI_COMM_WORLD_SIZE": "1", "PMIX_RANK": "0"],
            // A batch script of Slurm's, before it calls srun.
            ["SLURM_NTASKS": "8", "SLURM_PROCID": "0"],
            ["SLURM_NTASKS": "1", "SLURM_STEP_NUM_TASKS": "1", "PMIX_RANK": "0"],
        ] { #expect(try ProcessLaunch(environment: environment) == nil, "\(environment)") }
    }

    @Test func launchersAreRecognised() throws {
        let mpirun = try #require(
            try ProcessLaunch(environment: [
                "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_LOCAL_RANK": "1", "PMIX_RANK": "3",
            ]))
        #expect(mpirun.count == 4 && mpirun.rank == 3 && mpirun.localRank == 1)
        let slurm = try #require(
            try ProcessLaunch(environment: [
                "SLURM_NTASKS": "8", "SLURM_STEP_NUM_TASKS": "2", "SLURM_LOCALID": "0", "PMIX_RANK": "1", "SLURM_PROCID": "1",
            ]))
        #expect(slurm.count == 2 && slurm.rank == 1 && slurm.localRank == 0)
        #expect(
            try #require(
                try ProcessLaunch(environment: ["PMIX_RANK": "1"])
            ).count == nil)
    }

    /// Each would train alone and write into the same folder.
    @Test func processesThatCannotFindEachOtherAreRefused() throws {
        let error = #expect(throws: TensorError.self) {
            try ProcessLaunch(environment: ["SLURM_NTASKS": "2", "SLURM_STEP_NUM_TASKS": "2", "SLURM_PROCID": "1"])
        }
        #expect(error?.reason.contains("--mpi=pmix") == true)
    }

    @Test func aMissingLibraryIsNamedAndOneProcessNeedsNone() throws {
        #expect(try MPIProcessGroup.run(environment: [:], library: "/nowhere/libmpi.so", failed: { _ in }) { $0.count } == 1)
        let error = #expect(throws: TensorError.self) {
            try MPIProcessGroup.run(
                environment: ["OMPI_COMM_WORLD_SIZE": "2"], library: "/nowhere/libmpi.so", failed: { _ in }
            ) { $0.count }
        }
        #expect(error?.reason.hasPrefix("this is one of 2 processes, but ") == true)
        #expect(error?.reason.contains("/nowhere/libmpi.so") == true)
    }

    @Test func anotherMPIIsCalledByItsName() throws {
        let folder = try TemporaryFolder()
        let source =
            "int MPI_Get_library_version(char *t, int *n) { const char *s = \"MPICH Version: 4.0.2\\nDate: 2022\";"
            + " for (*n = 0; (t[*n] = s[*n]); ++*n); return 0; }\n"
        try Data(source.utf8).write(to: folder.file("mpi.c"))
        let library = folder.file("libmpi.so").path
        let built = try Shell.run(program: "/usr/bin/env", ["clang", "-shared", "-fPIC", "-o", library, folder.file("mpi.c").path])
        try #require(built.status == 0, "\(built.errors)")
        let error = #expect(throws: TensorError.self) { try MPIProcessGroup(library: library) }
        #expect(error?.reason == "the MPI library that is found is not Open MPI, which is needed, but MPICH Version: 4.0.2")
    }
}
