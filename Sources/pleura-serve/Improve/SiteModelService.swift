import Department
import Detection
import Foundation
import Improvement
import Logging
import Models
import Radiographs
import Synchronization

/// The service of the model that a site's change log says is in use: it looks at the log twice a second, so that a promotion or a rollback takes
/// effect without a restart. What the old model has begun, it ends.
final class SiteModelService: Sendable {
    private let state: Mutex<DetectionService>
    private let models: SiteModels
    private let load: @Sendable (ModelBundle) throws -> DetectionService
    private let logger: Logger
    private let watching = Mutex<Task<Void, Never>?>(nil)

    init(
        _ service: DetectionService, models: SiteModels, logger: Logger, load: @escaping @Sendable (ModelBundle) throws -> DetectionService
    ) {
        state = Mutex(service)
        (self.models, self.load, self.logger) = (models, load, logger)
    }

    var current: DetectionService { state.withLock { $0 } }

    func start() {
        watching.withLock { task in
            task = Task(priority: .background) {
                // A model that cannot be loaded is tried once.
                var failed: String?
                while !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(500))
                    guard let wanted = (try? models.changes())?.last(where: \.isSwitch)?.model, wanted != failed,
                        wanted != current.detector.bundle.digest
                    else { continue }
                    do {
                        let next = try load(models.bundle(wanted))
                        let old = state.withLock { service in
                            let old = service
                            service = next
                            return old
                        }
                        failed = nil
                        logger.notice("the model \(wanted.prefix(16)) reads from now on")
                        // Images that are on their way through the old one come to their end there.
                        Task {
                            try? await Task.sleep(for: .seconds(60))
                            await old.stop()
                        }
                    } catch {
                        failed = wanted
                        logger.error("the model \(wanted.prefix(16)) of the change log cannot be loaded; the one before reads on")
                    }
                }
            }
        }
    }

    func stop() async {
        watching.withLock { $0?.cancel() }
        await current.stop()
    }
}
