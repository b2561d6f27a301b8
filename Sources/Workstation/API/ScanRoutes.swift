import Archive
import Department
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Volumes

/// CT series as volumes: three planes through the patient, slabs, and what was done to the slices.
extension WorkstationAPI {
    private struct ScanWire: Encodable {
        struct Decision: Encodable {
            var code: String
            var sentence: String
            var count: Int
        }
        /// Voxels along x (right to left), y (front to back) and z (head to feet).
        var size: [Int]
        /// Millimetres.
        var spacing: [Double]
        /// Of the first voxel's centre, and from voxel to voxel along x, y, z: millimetres LPS.
        var origin: [Double]
        var steps: [[Double]]
        var slices: Int
        var kernel: String?
        var thickness: Double?
        var tilt: Double
        var smallestNodule: Double?
        var decisions: [Decision]

        init(_ planes: PatientPlanes) {
            let record = planes.volume.record
            (size, spacing) = (planes.size, planes.spacing)
            origin = (0..<3).map { planes.origin[$0] }
            steps = planes.steps.map { step in (0..<3).map { step[$0] } }
            (slices, kernel, thickness, tilt) = (record.slicesUsed, record.kernel, record.thickness, record.tilt)
            smallestNodule = record.smallestNodule
            decisions = record.decisions.map { Decision(code: $0.code, sentence: $0.sentence, count: $0.count) }
        }
    }

    private struct PlaneWire: Encodable {
        var columns: Int
        var rows: Int
    }

    private static let planeField = HTTPField.Name("X-Pleura-Plane") ?? .server
    /// Millimetres.
    private static let thickestSlab = 200

    func scanRoutes(_ routes: Routes) {
        routes.get("/api/v1/instances/{id}/scan") { _, context in
            let instance = try await instance(context)
            let planes = try await planes(of: instance)
            try await audit.note("image.view", by: context.user, study: instance.study)
            return try JSONText.response(ScanWire(planes))
        }
        routes.get("/api/v1/instances/{id}/scan/nodules") { _, context in try await nodules(context) }
        routes.get("/api/v1/instances/{id}/scan/{plane}/{index}") { request, context in
            guard let plane = context.parameters.get("plane").flatMap({ PatientPlane(rawValue: $0) }),
                let index = context.parameters.get("index").flatMap({ Int($0) })
            else { throw Problem.notFound("plane") }
            let slab = try request.number("slab", default: 0, in: 0...Self.thickestSlab)
            let planes = try await planes(of: try await instance(context))
            guard (0..<planes.count(of: plane)).contains(index) else { throw Problem.notFound("plane") }
            let values = try await department.scans.values(plane, index: index, slab: Double(slab), of: planes)
            let packs = request.headers[.acceptEncoding]?.contains("gzip") == true
            let body: (bytes: [UInt8], isPacked: Bool) = try await department.work.run {
                values.withUnsafeBytes { raw in
                    if packs, let packed = Gzip.compressed(raw) { return (packed, true) }
                    return (Array(raw), false)
                }
            }
            let size = planes.size(of: plane)
            var headers: HTTPFields = [
                .contentType: "application/octet-stream", .cacheControl: "private, no-cache", .vary: "Accept-Encoding",
                Self.planeField: try JSONText.ascii(PlaneWire(columns: size.columns, rows: size.rows)),
            ]
            if body.isPacked { headers[.contentEncoding] = "gzip" }
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body.bytes)))
        }
    }

    /// What a search for nodules came to, around the JSON of the scan.
    private func nodules(_ context: WorkstationContext) async throws -> Response {
        let instance = try await instance(context)
        let state: ScanNodules.State
        do {
            state = try await department.nodules.state(of: instance)
        } catch let error as VolumeError {
            throw Problem(.unprocessableContent, "no_volume", error.reason)
        }
        try await audit.note("image.view", by: context.user, study: instance.study)
        let text =
            switch state {
            case .unavailable: #"{"state":"unavailable"}"#
            case .running: #"{"state":"running"}"#
            case .found(let scan): #"{"state":"found","scan":\#(scan)}"#
            case .failed(let reason): #"{"state":"failed","error":\#(JSONText.string(reason))}"#
            }
        return JSONText.response(bytes: Data(text.utf8))
    }

    /// - Throws: `Problem` that says why the slices make no volume.
    private func planes(of instance: Instance) async throws -> PatientPlanes {
        do {
            return try await department.scans.planes(of: instance)
        } catch let error as VolumeError {
            throw Problem(.unprocessableContent, "no_volume", error.reason)
        }
    }
}
