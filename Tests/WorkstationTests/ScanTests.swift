import DICOM
import Foundation
import PleuraTesting
import Testing

/// CT series at the server: three planes, slabs, and why there is none.
@Suite struct ScanTests {
    private static let (side, depth) = (24, 8)

    /// A block of soft tissue in air; each voxel has a value of its own.
    private static func value(_ column: Int, _ row: Int, _ slice: Int) -> Int16 {
        let isBody = (6..<18).contains(column) && (6..<18).contains(row)
        return (isBody ? 20 : -1_000) + Int16(slice * 3 + (column + row) % 3)
    }

    private static func files(source: String = "planes", leavingOut: Set<Int> = []) throws -> [Data] {
        var series = ComputedTomographySeries(
            columns: side, rows: side, spacing: SIMD2(1.5, 1.5), thickness: 2, patient: "PLANES", source: source)
        series.kernel = "LUNG"
        return try (0..<depth).filter { !leavingOut.contains($0) }.map { slice in
            let values = (0..<side * side).map { value($0 % side, $0 / side, slice) }
            return try series.file(of: .init(position: SIMD3(-18, -18, Double(slice) * 2), values: values, instanceNumber: slice + 1))
        }
    }

    private func plane(_ room: Room, _ path: String) throws -> (values: [Int16], columns: Int, rows: Int) {
        let answer = try room.server.request("GET", path)
        try #require(answer.status == 200, "\(answer.status)")
        let about = try JSONSerialization.jsonObject(with: Data((answer.fields["x-pleura-plane"] ?? "").utf8)) as? [String: Int] ?? [:]
        let values = answer.body.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: 2).map { Int16(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: Int16.self)) }
        }
        return (values, about["columns"] ?? 0, about["rows"] ?? 0)
    }

    @Test func aSeriesIsOneVolumeInThreePlanes() throws {
        let room = try Room()
        var instances: [String] = []
        for (number, file) in try Self.files().shuffled().enumerated() {
            instances.append(try room.addAndRead(file, name: "\(number).dcm").instance)
        }
        let id = try #require(instances.first)
        let scan = try room.get("/api/v1/instances/\(id)/scan")
        #expect(scan["size"] as? [Int] == [Self.side, Self.side, Self.depth] && scan["spacing"] as? [Double] == [1.5, 1.5, 2])
        #expect(scan.number("slices") == Double(Self.depth) && scan.text("kernel") == "LUNG")
        // The first voxel is the right one in front at the head: of the last slice.
        #expect(scan["origin"] as? [Double] == [-18, -18, Double(Self.depth - 1) * 2])
        let (side, depth) = (Self.side, Self.depth)
        let axial = try plane(room, "/api/v1/instances/\(id)/scan/axial/2")
        #expect(axial.columns == side && axial.rows == side)
        #expect(axial.values == (0..<side * side).map { Self.value($0 % side, $0 / side, depth - 3) })
        let coronal = try plane(room, "/api/v1/instances/\(instances[3])/scan/coronal/10")
        #expect(coronal.columns == side && coronal.rows == depth)
        #expect(coronal.values == (0..<side * depth).map { Self.value($0 % side, 10, depth - 1 - $0 / side) })
        let sagittal = try plane(room, "/api/v1/instances/\(id)/scan/sagittal/7")
        #expect(sagittal.values == (0..<side * depth).map { Self.value(7, $0 % side, depth - 1 - $0 / side) })
        // Of a slab of 4 mm the slice above is the highest.
        let slab = try plane(room, "/api/v1/instances/\(id)/scan/axial/2?slab=4")
        #expect(slab.values == (0..<side * side).map { Self.value($0 % side, $0 / side, depth - 2) })
        for wrong in ["axial/8", "axial/-1", "axial/x", "oblique/1"] {
            #expect(try room.server.request("GET", "/api/v1/instances/\(id)/scan/\(wrong)").status == 404, "\(wrong)")
        }
        #expect(try room.server.request("GET", "/api/v1/instances/\(id)/scan/axial/1?slab=-4").status == 422)
    }

    /// A slice that comes later makes another volume; one that is missing is told with the numbers that the page shows.
    @Test func aSliceThatComesLaterIsTakenIn() throws {
        let room = try Room()
        let files = try Self.files()
        var first = ""
        for (number, file) in files.dropLast().enumerated() { first = try room.addAndRead(file, name: "\(number).dcm").instance }
        #expect(try room.get("/api/v1/instances/\(first)/scan")["size"] as? [Int] == [Self.side, Self.side, Self.depth - 1])
        _ = try room.addAndRead(try #require(files.last), name: "late.dcm")
        #expect(try room.get("/api/v1/instances/\(first)/scan")["size"] as? [Int] == [Self.side, Self.side, Self.depth])
    }

    @Test func whatIsNoSeriesIsSaid() throws {
        let room = try Room()
        let picture = try room.addAndRead(try Room.cell(1, 2))
        #expect(try room.server.request("GET", "/api/v1/instances/\(picture.instance)/scan").status == 404)
        var last = ""
        for file in try Self.files(source: "few").prefix(3) { last = try room.addAndRead(file, name: "few.dcm").instance }
        let few = try room.server.request("GET", "/api/v1/instances/\(last)/scan")
        #expect(few.status == 404)
        // Values that are no Hounsfield units: a sentence, not a picture.
        var series = ComputedTomographySeries(columns: 8, rows: 8, spacing: SIMD2(1, 1), thickness: 1, patient: "FLAT", source: "flat")
        series.kernel = "LUNG"
        for slice in 0..<5 {
            let file = try series.file(
                of: .init(position: SIMD3(0, 0, Double(slice)), values: Array(repeating: 900, count: 64), instanceNumber: slice + 1))
            last = try room.addAndRead(file, name: "flat.dcm").instance
        }
        let flat = try room.server.request("GET", "/api/v1/instances/\(last)/scan")
        let told = flat.json as? [String: Any] ?? [:]
        #expect(flat.status == 422 && told.text("code") == "no_volume" && told.text("detail")?.contains("Hounsfield") == true)
    }

    @Test func withoutAModelOfNodulesItIsSaid() throws {
        let room = try Room(["--nodule-model", "none"])
        var last = ""
        for (number, file) in try Self.files().enumerated() { last = try room.addAndRead(file, name: "\(number).dcm").instance }
        #expect(try room.get("/api/v1/instances/\(last)/scan/nodules") as? [String: String] == ["state": "unavailable"])
    }

    /// What is put together is no chest: the search says so, once and for all.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "Models/luna-nodules/card.json"), "there is no model luna-nodules"))
    func aScanThatIsNoChestFailsWithItsReason() async throws {
        let room = try Room(["--nodule-model", "luna-nodules"])
        var last = ""
        for (number, file) in try Self.files().enumerated() { last = try room.addAndRead(file, name: "\(number).dcm").instance }
        var state: [String: Any] = [:]
        for _ in 0..<600 {
            state = try room.get("/api/v1/instances/\(last)/scan/nodules")
            if state.text("state") != "running" { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(state.text("state") == "failed" && state.text("error")?.isEmpty == false, "\(state)")
    }
}
