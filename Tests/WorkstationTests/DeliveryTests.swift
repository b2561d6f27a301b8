import Archive
import Department
import Foundation
import PleuraTesting
import Results
import Testing

/// What was made for other systems, and what these said of orders and patients.
@Suite struct DeliveryTests {
    /// A room with a study, of which one result has failed at a PACS and one waits for a RIS.
    private struct Site {
        let room: Room
        let archive: SQLiteArchive
        let study: String
        let failed: Int

        init() async throws {
            room = try Room()
            (study, _) = try room.addAndRead(SentFiles.radiograph(1), name: "1.dcm")
            archive = try room.archive()
            guard let id = StudyID(rawValue: study) else { throw CocoaError(.featureUnsupported) }
            let now = Date()
            let digest = try archive.content.add(Data("a report".utf8))
            let files = ["1.2.3.4", "ris:5"].map {
                ResultFile(identifier: $0, kind: $0 == "1.2.3.4" ? "sr" : "oru", study: id, reading: 1, size: 8, digest: digest, made: now)
            }
            try await archive.publish(
                files,
                to: [
                    NewDelivery(destination: "pacs", file: "1.2.3.4", lane: "a", rank: 1, due: now),
                    NewDelivery(destination: "ris", file: "ris:5", lane: "a", rank: 0, due: now),
                ], completing: nil, now: now)
            let claimed = try await archive.claimDeliveries(
                destination: "pacs", owner: "test", until: now.addingTimeInterval(60), now: now, limit: 1)
            guard let first = claimed.first else { throw CocoaError(.featureUnsupported) }
            try await archive.end(first.id, owner: "test", as: .failed(reason: "the node refuses structured reports"), now: now)
            failed = Int(first.id)
        }
    }

    @Test func deliveriesAreListedWithTheirReasons() async throws {
        let site = try await Site()
        let all = try site.room.get("/api/v1/deliveries")
        #expect(all.list("deliveries").compactMap { $0.text("destination") } == ["ris", "pacs"] && all["next"] == nil)
        let failed = try site.room.get("/api/v1/deliveries?state=failed").list("deliveries")
        #expect(failed.count == 1 && failed.first?.text("last_error") == "the node refuses structured reports")
        #expect(
            failed.first?.text("kind") == "sr" && failed.first?.text("identifier") == "1.2.3.4" && failed.first?.text("study") == site.study
        )
        #expect(failed.first?.number("attempts") == 1 && failed.first?.text("ended") != nil)
        #expect(try site.room.get("/api/v1/deliveries?destination=ris").list("deliveries").count == 1)
        #expect(try site.room.get("/api/v1/deliveries?state=failed,waiting").list("deliveries").count == 2)
        #expect(try site.room.get("/api/v1/studies/\(site.study)/deliveries").list("deliveries").count == 2)
        let page = try site.room.get("/api/v1/deliveries?limit=1")
        let rest = try site.room.get("/api/v1/deliveries?limit=1&before=\(Int(page.number("next") ?? 0))")
        #expect(page.list("deliveries").first?.text("destination") == "ris" && rest.list("deliveries").first?.text("destination") == "pacs")
        for query in ["state=lost", "study=x", "limit=0", "before=x", "before=-1"] {
            #expect(try site.room.server.request("GET", "/api/v1/deliveries?\(query)").status == 422, "\(query)")
        }
        let destinations = try site.room.get("/api/v1/destinations").list("destinations")
        #expect(destinations.map { $0.text("name") } == ["pacs", "ris"] && destinations.first?.object("counts").number("failed") == 1)
        #expect(destinations.allSatisfy { $0["configured"] as? Bool == false })
        let metrics = try site.room.server.request("GET", "/metrics").text
        #expect(metrics.contains("pleura_deliveries{destination=\"pacs\",state=\"failed\"} 1.0"))
        #expect(metrics.components(separatedBy: "# TYPE pleura_deliveries gauge").count == 2)
    }

    @Test func aDeliveryIsSentAgainOrDismissed() async throws {
        let site = try await Site()
        let room = site.room
        func state() throws -> String? {
            try room.get("/api/v1/deliveries?destination=pacs").list("deliveries").first?.text("state")
        }
        #expect(try room.server.request("POST", "/api/v1/deliveries/\(site.failed)/dismiss").status == 204)
        #expect(try state() == "dismissed")
        #expect(try room.server.request("POST", "/api/v1/deliveries/\(site.failed)/retry").status == 202)
        #expect(try state() == "waiting")
        let early = try room.server.request("POST", "/api/v1/deliveries/\(site.failed)/dismiss")
        #expect(early.status == 409 && (early.json as? [String: Any])?.text("code") == "not_failed")
        for target in ["999999/retry", "999999/dismiss", "x/retry", "-1/dismiss", "99999999999999999999/retry"] {
            #expect(try room.server.request("POST", "/api/v1/deliveries/\(target)").status == 404, "\(target)")
        }
        let actions = try room.get("/api/v1/audit").list("entries").compactMap { $0.text("action") }
        #expect(actions.contains("delivery.retry") && actions.contains("delivery.dismiss"))
    }

    @Test func theOrderStandsInTheStudy() async throws {
        let room = try Room()
        let (study, _) = try room.addAndRead(SentFiles.radiograph(1), name: "1.dcm")
        #expect(try room.get("/api/v1/studies/\(study)")["order"] == nil)
        let order = ClinicalOrder(
            accessionNumber: "ACC-1", patient: PatientIdentity(id: "P-1"),
            details: ResultOrder(placerNumber: "PL-7", procedureText: "Chest PA", indication: "Cough since a week"), urgency: .stat,
            received: Date())
        _ = try await room.archive().apply(
            [.order(order)], from: nil, now: Date(), followUp: nil, standing: { Department.standing($0, .standard) })
        let detail = try room.get("/api/v1/studies/\(study)")
        let told = detail.object("order")
        #expect(told.text("placer") == "PL-7" && told.text("indication") == "Cough since a week" && told.text("urgency") == "stat")
        #expect(detail.text("urgency") == "stat")
    }

    @Test func aMergeIsTakenBack() async throws {
        let room = try Room()
        let (study, _) = try room.addAndRead(SentFiles.radiograph(1, patient: "OLD"), name: "1.dcm")
        let archive = try room.archive()
        let standing: @Sendable (StudyState) -> Standing = { Department.standing($0, .standard) }
        _ = try await archive.apply(
            [.patient(PatientIdentity(name: "Doe^Joan", id: "OLD"))], from: nil, now: Date(), followUp: nil, standing: standing)
        _ = try await archive.apply(
            [.merge(retired: PatientIdentity(id: "OLD"), surviving: PatientIdentity(id: "NEW"))], from: nil, now: Date(), followUp: nil,
            standing: standing)
        #expect(try room.get("/api/v1/studies/\(study)").object("patient").text("id") == "NEW")
        let changes = try room.get("/api/v1/patient-changes?study=\(study)").list("changes")
        #expect(changes.map { $0.text("kind") } == ["merge", "update"])
        let numbers = changes.compactMap { $0.number("id").map { Int($0) } }
        #expect(changes.first?.object("before").text("id") == "OLD" && changes.first?.object("after").text("id") == "NEW")
        let update = try room.server.request("POST", "/api/v1/patient-changes/\(numbers.last ?? 0)/undo")
        #expect(update.status == 409 && (update.json as? [String: Any])?.text("code") == "not_a_merge")
        let undone = try room.server.request("POST", "/api/v1/patient-changes/\(numbers.first ?? 0)/undo")
        #expect(undone.status == 200 && (undone.json as? [String: Any])?["studies"] as? [String] == [study])
        let patient = try room.get("/api/v1/studies/\(study)").object("patient")
        #expect(patient.text("id") == "OLD" && patient.text("name") == "Doe^Joan")
        #expect(try room.server.request("POST", "/api/v1/patient-changes/\(numbers.first ?? 0)/undo").status == 409)
        #expect(try room.server.request("POST", "/api/v1/patient-changes/999999/undo").status == 404)
        let token = try await room.token()
        #expect(try room.request("POST", "/api/v1/patient-changes/\(numbers.first ?? 0)/undo", token: token).status == 403)
    }
}
