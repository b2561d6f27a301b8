import Archive
import Department
import Findings
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Radiographs

extension WorkstationAPI {
    private struct ImageWire: Encodable {
        struct Window: Encodable {
            var center: Double
            var width: Double
            var function: String
        }
        struct Spacing: Encodable {
            var row: Double
            var column: Double
            var plane: String
        }
        var columns: Int
        var rows: Int
        var bits: Int
        var slope: Double
        var intercept: Double
        var units: String?
        var inverted: Bool
        var window: Window?
        var minimum: Int
        var maximum: Int
        var padding: [Int]?
        var spacing: Spacing?

        init(_ image: WindowableImage) {
            (columns, rows, bits, slope, intercept) = (image.width, image.height, image.bits, image.slope, image.intercept)
            // PS3.3 C.11.1.1.2: of CT, Hounsfield units are meant where nothing is said.
            (units, inverted) = (image.units ?? (image.header.modality == "CT" && image.slope != 0 ? "HU" : nil), image.isInverted)
            window = image.window.map { Window(center: $0.center, width: $0.width, function: $0.function.rawValue) }
            (minimum, maximum) = (Int(image.range.lowerBound), Int(image.range.upperBound))
            padding = image.padding.map { [Int($0.lowerBound), Int($0.upperBound)] }
            spacing = image.header.spacing.map { Spacing(row: $0.row, column: $0.column, plane: $0.plane.rawValue) }
        }
    }

    private static let imageField = HTTPField.Name("X-Pleura-Image") ?? .server
    /// What belongs to an instance never changes, for its name is made from its bytes.
    private static let fixed = "private, max-age=86400, immutable"

    func instanceRoutes(_ routes: Routes) {
        routes.get("/api/v1/instances/{id}") { _, context in
            let instance = try await instance(context)
            try await audit.note("study.view", by: context.user, study: instance.study)
            return try JSONText.response(InstanceWire(instance, readings: try await archive.readings(of: instance.study)))
        }
        routes.get("/api/v1/instances/{id}/pixels") { request, context in
            let instance = try await instance(context)
            let frame = try request.number("frame", default: 1, in: 1...1_000_000)
            let image = try await department.pictures.windowable(instance, frame: frame)
            try await audit.note("image.view", by: context.user, study: instance.study)
            let packs = request.headers[.acceptEncoding]?.contains("gzip") == true
            // A tenth of a second for a large image, which nobody else has to wait for.
            let body: (bytes: [UInt8], isPacked: Bool) = try await department.work.run {
                image.samples.withUnsafeBytes { raw in
                    if packs, let packed = Gzip.compressed(raw) { return (packed, true) }
                    return (Array(raw), false)
                }
            }
            var headers: HTTPFields = [
                .contentType: "application/octet-stream", .cacheControl: Self.fixed, .vary: "Accept-Encoding",
                Self.imageField: try JSONText.ascii(ImageWire(image)),
            ]
            if body.isPacked { headers[.contentEncoding] = "gzip" }
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body.bytes)))
        }
        routes.get("/api/v1/instances/{id}/rendered") { request, context in
            let instance = try await instance(context)
            let frame = try request.number("frame", default: 1, in: 1...1_000_000)
            let side = try request.number("side", default: 2_048, in: 32...8_192)
            let readings = try await request.isTrue("boxes", default: true) ? archive.readings(of: instance.study) : []
            let latest = InstanceWire(instance, readings: readings).reading?.reading
            let jpeg = try await department.pictures.rendered(instance, frame: frame, reading: latest, side: side)
            try await audit.note("image.view", by: context.user, study: instance.study)
            return Self.jpeg(jpeg, cache: "private, no-cache")
        }
        routes.get("/api/v1/instances/{id}/thumbnail") { request, context in
            let instance = try await instance(context)
            let side = try request.number("side", default: 128, in: 16...512)
            return Self.jpeg(try await department.pictures.thumbnail(instance, side: side), cache: Self.fixed)
        }
        routes.get("/api/v1/instances/{id}/explanations/{finding}") { _, context in
            let instance = try await instance(context)
            let finding = context.parameters.get("finding") ?? ""
            let readings = try await archive.readings(of: instance.study)
            let answer = try await department.explanations.answer(instance, finding: finding, readings: readings)
            try await audit.note("finding.explain", by: context.user, study: instance.study)
            return try JSONText.response(answer)
        }
        routes.get("/api/v1/instances/{id}/file") { request, context in
            let instance = try await instance(context)
            try await audit.note("file.view", by: context.user, study: instance.study)
            return try await StoredFile(instance, in: archive.content).response(to: request, context: context)
        }
    }

    private static func jpeg(_ bytes: Data, cache: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "image/jpeg", .cacheControl: cache], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The instance of the address.
    /// - Throws: `Problem`, 404.
    func instance(_ context: WorkstationContext) async throws -> Instance {
        guard let id = context.parameters.get("id").flatMap({ InstanceID(rawValue: $0) }), let instance = try await archive.instance(id)
        else {
            throw Problem.notFound("instance")
        }
        return instance
    }
}
