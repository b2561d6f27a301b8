import Archive
import DICOMWeb
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// DICOMweb (PS3.18): search (QIDO-RS), retrieval (WADO-RS) and storing (STOW-RS), under the same accounts and tokens as all else.
extension WorkstationAPI {
    static let webRoot = "/dicom-web"

    func dicomWebRoutes(_ routes: Routes) {
        let (studies, study) = (Self.webRoot + "/studies", Self.webRoot + "/studies/{study}")
        let series = study + "/series/{series}"
        let instance = series + "/instances/{instance}"
        for (path, level) in [
            (studies, QIDOLevel.studies), (Self.webRoot + "/series", .series), (Self.webRoot + "/instances", .instances),
            (study + "/series", .series), (study + "/instances", .instances), (series + "/instances", .instances),
        ] {
            routes.get(path) { request, context in try await search(level, request, context) }
        }
        for path in [study, series, instance] {
            routes.get(path) { request, context in try await retrieve(request, context) }
            routes.get(path + "/metadata") { request, context in try await retrieveMetadata(request, context) }
        }
        routes.get(instance + "/frames/{frames}") { request, context in try await retrieveFrames(request, context) }
        routes.get(instance + "/rendered") { request, context in try await retrieveRendered(request, context) }
        routes.get(instance + "/frames/{frames}/rendered") { request, context in try await retrieveRendered(request, context) }
        // Values inside of sequences have the item's number and the inner tag behind them.
        for path in ["/{tag}", "/{tag}/{item}/{inner}", "/{tag}/{item}/{inner}/{innerItem}/{innermost}"] {
            routes.get(instance + "/bulkdata" + path) { request, context in try await retrieveBulkData(request, context) }
        }
        for path in [studies, study] {
            routes.post(path) { request, context in
                do {
                    return try await store(request, context)
                } catch {
                    // What is left of the body is not waited for.
                    context.closeSoon()
                    throw error
                }
            }
        }
    }

    /// The service as the client called it.
    func webAddress(_ request: Request) -> DICOMWebAddress {
        DICOMWebAddress(service: serverAddress(request) + Self.webRoot)
    }

    /// `https://host`: the host is one of ours, or the request would have been refused.
    func serverAddress(_ request: Request) -> String {
        let host = request.head.authority?.lowercased() ?? "localhost"
        let whole = OriginGuard.known(host, in: hosts(), withoutPort: true) ?? host
        return "\(configuration.tls == nil ? "http" : "https")://\(whole)"
    }

    /// DICOM JSON in the type that the client accepts.
    static func dicomJSON(_ data: Data, _ type: Representation, status: Int = 200, warning: String? = nil) -> Response {
        var headers: HTTPFields = [.contentType: type.contentType]
        if let warning, let name = HTTPField.Name("Warning") { headers[name] = warning }
        return Response(
            status: HTTPResponse.Status(integerLiteral: status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
}
