import Archive
import Department
import FHIR
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// The HTTP interface of a department, version 1: which address does what. Each subject's routes stand in a file of their own.
///
/// `openapi.json` describes it; a test compares the two lists.
struct WorkstationAPI: Sendable {
    let department: Department
    let sessions: Sessions
    let passwords: Passwords
    let throttle: Throttle
    let metrics: Metrics
    let audit: AuditTrail
    let configuration: ServerConfiguration
    let version: String
    let hosts: @Sendable () -> Set<String>
    var companion: Companion?
    var fhir = FHIRView()
    let directory = FHIRDirectory()
    let disk = DiskWatch()
    let logger: Logger

    var archive: any Archive { department.archive }

    /// - Parameter table: Gets every route.
    func router(_ table: RouteTable = RouteTable()) -> Router<WorkstationContext> {
        let router = Router(context: WorkstationContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders(isTLS: configuration.tls != nil, metrics: metrics, methods: { table.methods(of: $0) }))
        router.add(middleware: OriginGuard(hosts: hosts))
        let open = Routes(group: router.group(), table: table, prefix: "")
        pageRoutes(open)
        sessionOpenRoutes(open)
        healthRoutes(open)
        let guarded = Routes(group: router.group().add(middleware: SessionGuard(sessions: sessions)), table: table, prefix: "")
        metricsRoutes(guarded)
        sessionRoutes(guarded)
        settingsRoutes(guarded)
        intakeRoutes(guarded)
        studyRoutes(guarded)
        instanceRoutes(guarded)
        scanRoutes(guarded)
        reviewRoutes(guarded)
        eventRoutes(guarded)
        jobRoutes(guarded)
        deliveryRoutes(guarded)
        patientChangeRoutes(guarded)
        administrationRoutes(guarded)
        improvementRoutes(guarded)
        dicomWebRoutes(guarded)
        // Their errors are resources, too: that nobody is logged in, for one.
        let resources = router.group().add(middleware: FHIROutcomes()).add(middleware: SessionGuard(sessions: sessions))
        fhirRoutes(Routes(group: resources, table: table, prefix: ""))
        return router
    }
}

/// Routes as they are added: remembered by method and path, for 405 and for the comparison with the description.
struct Routes {
    typealias Handler = @Sendable (Request, WorkstationContext) async throws -> Response
    let group: RouterGroup<WorkstationContext>
    let table: RouteTable
    let prefix: String

    func on(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        table.add(method, path)
        group.on(RouterPath(path.replacing("{", with: ":").replacing("}", with: "")), method: method, use: handler)
    }

    func get(_ path: String, _ handler: @escaping Handler) { on(.get, path, handler) }
    func post(_ path: String, _ handler: @escaping Handler) { on(.post, path, handler) }
    func put(_ path: String, _ handler: @escaping Handler) { on(.put, path, handler) }
    func delete(_ path: String, _ handler: @escaping Handler) { on(.delete, path, handler) }
}

/// Which methods each path has; paths as OpenAPI writes them: `/api/v1/studies/{id}`.
final class RouteTable: Sendable {
    private let routes = Mutex<[(parts: [Substring], method: HTTPRequest.Method)]>([])

    func add(_ method: HTTPRequest.Method, _ path: String) {
        routes.withLock { $0.append((path.split(separator: "/"), method)) }
    }

    var all: [(method: String, path: String)] {
        routes.withLock { $0.map { ($0.method.rawValue, "/" + $0.parts.joined(separator: "/")) } }
    }

    func methods(of path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        return routes.withLock { routes in
            routes.filter { route in
                route.parts.count == parts.count && zip(route.parts, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
            }
            .map(\.method)
        }
    }
}

/// Notes who did what. What is noted is on the disk before the answer leaves.
struct AuditTrail: Sendable {
    let archive: any Archive

    func note(_ action: String, by user: String, study: StudyID? = nil, _ detail: String = "") async throws {
        try await archive.appendAudit([AuditEvent(user: user, action: action, study: study, detail: detail)])
    }
}
