/// How this process came to be: by itself, or as one of several that `mpirun` or Slurm's `srun` started to train together.
public struct ProcessLaunch: Hashable, Sendable {
    /// As the launcher numbers them, where it says so in the environment.
    public var rank: Int?
    /// `nil` where it does not; MPI knows.
    public var count: Int?
    /// Number among the processes on this machine, from 0: which of its GPUs to take.
    public var localRank: Int

    /// What the environment says, as Open MPI's `mpirun`, PMI and PMIx (`srun`) write it.
    ///
    /// Slurm's `SLURM_NTASKS` alone is no sign: a batch script has it too, of which there is one. `SLURM_STEP_NUM_TASKS` without PMI is
    /// a launch whose processes cannot find each other.
    /// - Returns: `nil` for one process by itself.
    /// - Throws: `TensorError` for several processes that cannot find each other.
    public init?(environment: [String: String]) throws {
        func number(_ names: String...) -> Int? { names.lazy.compactMap { environment[$0].flatMap(Int.init) }.first }
        let isWired = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE"].contains { environment[$0] != nil }
        let slurm = number("SLURM_STEP_NUM_TASKS") ?? 1
        guard isWired else {
            guard slurm <= 1 else {
                throw TensorError(
                    .processes,
                    "srun started \(slurm) processes that cannot find each other: start them by `srun --mpi=pmix` (or pmi2), or by mpirun")
            }
            return nil
        }
        let count = number("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS", "SLURM_NTASKS")
        if let count, count <= 1 { return nil }
        self.count = count
        rank = number("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID")
        localRank = number("OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "SLURM_LOCALID") ?? 0
    }
}
