import Foundation
import TrainingExamples

/// Keeps a run's folder for one training: two at a time would write each other's rows and checkpoints. It ends with the program, however
/// that ends, and leaves no file.
package final class RunLock {
    private var descriptor: Int32

    /// - Throws: `TrainingError` where another training has the folder. A file system that has no locks is taken as it is.
    package init(_ folder: URL) throws {
        descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
        release()
        throw TrainingError(.run, "\(folder.path): another training is writing into this folder; wait for it, or name another one")
    }

    package func release() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    deinit { release() }
}
