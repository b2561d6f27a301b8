import Archive
import Department
import Detection
import Foundation
import Inference
import Models
import PleuraTesting
import Testing
import Workstation

/// `openapi.json` against the server: nothing is there that it does not tell, and nothing that it tells lets strangers in.
@Suite struct DescriptionTests {
    /// Method, path, whether strangers may.
    private static func described(_ room: Room) throws -> [(method: String, path: String, isOpen: Bool)] {
        let document = try room.server.request("GET", "/openapi.json", fields: ["Cookie": ""]).json as? [String: Any] ?? [:]
        return document.object("paths").flatMap { path, methods in
            (methods as? [String: Any] ?? [:]).map { method, operation in
                (method.uppercased(), path, ((operation as? [String: Any])?["security"] as? [Any])?.isEmpty == true)
            }
        }
    }

    @Test func theDescriptionAndTheServerHaveTheSameRoutes() async throws {
        let room = try Room()
        let folder = try TemporaryFolder()
        try TinyModel.write(to: folder.file("tiny"))
        let detector = try Detector(
            bundle: ModelBundle(directory: folder.file("tiny")), settings: EngineSettings(precision: .f32, threads: 1))
        let department = try await Department(
            archive: SQLiteArchive(folder: folder.file("archive")), folder: folder.file("archive"),
            model: ModelReader(service: DetectionService(soon: detector, decoders: DrawnPictures.decoders)), width: 1, logger: .silent)
        let served = Set(
            WorkstationServer.routes(of: department, configuration: ServerConfiguration(data: folder.url)).map { "\($0.method) \($0.path)" }
        )
        let described = Set(try Self.described(room).map { "\($0.method) \($0.path)" })
        #expect(served == described, "\(served.symmetricDifference(described).sorted())")
    }

    @Test func noRouteIsOpenWithoutLogInOrWithAStolenId() throws {
        let room = try Room()
        let (study, instance) = try room.addAndRead(try Room.cell(0, 1))
        let stranger = "pleura=" + String(repeating: "A", count: 43)
        for route in try Self.described(room) where !route.isOpen {
            let address = Room.address(route.path, id: route.path.contains("/instances/") ? instance : study)
            for fields in [
                ["Cookie": ""], ["Cookie": stranger], ["Cookie": "pleura="], ["Authorization": "Bearer x", "Cookie": "other=1"],
            ] {
                let answer = try room.server.request(route.method, address, json: route.method == "GET" ? nil : [:], fields: fields)
                #expect(answer.status == 401, "\(route.method) \(route.path) \(fields)")
                #expect(answer.fields["www-authenticate"]?.hasPrefix("Bearer") == true)
                let said = answer.json as? [String: Any] ?? [:]
                if route.path.hasPrefix("/fhir/") {
                    #expect(said.text("resourceType") == "OperationOutcome" && said.list("issue").first?.text("code") == "login")
                } else {
                    #expect(said.text("code") == "no_session")
                }
            }
        }
    }

    @Test func otherMethodsAreRefusedByName() throws {
        let room = try Room()
        let paths = Dictionary(grouping: try Self.described(room), by: \.path)
        for (path, routes) in paths {
            let known = Set(routes.map(\.method))
            for method in ["PUT", "DELETE", "PATCH"] where !known.contains(method) {
                let answer = try room.server.request(method, Room.address(path, id: String(repeating: "0", count: 32)), json: [:])
                #expect(answer.status == 405 && answer.fields["allow"] != nil, "\(method) \(path): \(answer.status)")
            }
        }
        #expect(try room.server.request("GET", "/api/v1/nothing").status == 404)
    }

    @Test func whatIsNotThereIsNotFoundAndWhatIsNonsenseIsRefused() throws {
        let room = try Room()
        let unknown = String(repeating: "0", count: 32)
        for route in try Self.described(room) where route.path.contains("{id}") && !route.path.contains("/jobs/") {
            for id in [unknown, "..%2F..%2Fetc%2Fpasswd", "%00", "x", "'%20OR%201=1"] {
                let answer = try room.server.request(
                    route.method, Room.address(route.path, id: id), json: ["POST", "PUT"].contains(route.method) ? ["content": [:]] : nil)
                #expect(answer.status == 404, "\(route.method) \(route.path) \(id): \(answer.status)")
            }
        }
    }

    @Test func everyFileOfThePageIsInTheProgram() throws {
        let room = try Room(logsIn: false)
        let folder = Repository.root.appendingPathComponent("Sources/CWorkstationPage/Assets")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !name.hasPrefix(".") {
            let answer = try room.server.request("GET", "/assets/\(name)")
            let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
            #expect(answer.status == 200 && answer.body == bytes, "make page-files: \(name)")
        }
        for name in ["..%2Fpage.c", "nothing.js", "%2e%2e"] {
            #expect(try room.server.request("GET", "/assets/\(name)").status == 404)
        }
    }
}
