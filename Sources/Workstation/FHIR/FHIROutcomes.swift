import Basics
import DICOMWeb
import FHIR
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Makes an `OperationOutcome` of every error (FHIR R4, 3.1.0.1.6): programs that speak FHIR read nothing else.
struct FHIROutcomes: RouterMiddleware {
    typealias Context = WorkstationContext

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch let outcome as R4.OperationOutcome {
            return try FHIRAnswer.response(outcome, status: .badRequest)
        } catch let error as FHIRError {
            let outcome = R4.OperationOutcome(.error, .exception, error.reason)
            return try FHIRAnswer.response(outcome, status: error.code == .badSearch ? .badRequest : .internalServerError)
        } catch {
            let problem = Problem(error)
            if problem.status.code >= 500 { context.logger.error("FHIR: \(problem.code)", metadata: ["id": "\(context.id)"]) }
            var response = try FHIRAnswer.response(
                R4.OperationOutcome(.error, Self.kind(problem.status.code), problem.detail), status: problem.status)
            for field in problem.headers { response.headers.append(field) }
            return response
        }
    }

    private static func kind(_ status: Int) -> R4.OperationOutcome.Issue.Kind {
        switch status {
        case 400, 422: .invalid
        case 401: .login
        case 403: .forbidden
        case 404: .notFound
        case 406, 415: .notSupported
        case 409: .conflict
        case 413: .tooLong
        case 429: .throttled
        case 503: .transient
        case 507: .noStore
        default: .exception
        }
    }
}

/// Resources as answers.
enum FHIRAnswer {
    static func response(_ resource: some Encodable, status: HTTPResponse.Status = .ok, pretty: Bool = false) throws -> Response {
        Response(
            status: status, headers: [.contentType: R4.mediaType],
            body: .init(byteBuffer: ByteBuffer(bytes: try FHIRJSON.encode(resource, pretty: pretty))))
    }

    /// - Throws: `Problem`, 406, where the client takes nothing that there is.
    static func check(accept: String?) throws {
        guard let accept, !accept.isEmpty else { return }
        let ranges = MediaType.accepted(accept).filter { $0.quality > 0 }
        guard ranges.contains(where: { range in [R4.mediaType, "application/json", "text/json"].contains(where: range.includes) }) else {
            throw Problem(.notAcceptable, "not_acceptable", "the answer is \(R4.mediaType)")
        }
    }
}
