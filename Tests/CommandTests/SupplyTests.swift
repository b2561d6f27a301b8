import Foundation
import PleuraTesting
import Testing

/// What Pleura is made of is named, pinned, and has its licence.
@Suite struct SupplyTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Repository.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func everyDependencyIsPinned() throws {
        let package = try Self.text("Package.swift")
        let dependencies = package.matches(of: #/\.package\(url: "([^"]+)", ([^)]*)\)/#)
        #expect(dependencies.count >= 14)
        for dependency in dependencies {
            #expect(dependency.2.hasPrefix("exact: \""), "\(dependency.1)")
            #expect(dependency.1.hasPrefix("https://"), "\(dependency.1)")
        }
        let wheels = try Self.text("engines.lock").split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(wheels.count >= 6)
        for wheel in wheels {
            let fields = wheel.split(separator: " ", omittingEmptySubsequences: true)
            #expect(fields.count == 5 && fields[4].wholeMatch(of: #/[0-9a-f]{64}/#) != nil, "\(wheel)")
        }
    }

    /// The list is made of what the linker was given, and has every library that the loader is asked for.
    @Test func everyLinkedPartHasItsLicence() throws {
        let script = Repository.root.appendingPathComponent("Packaging/parts.py").path
        #expect(try Shell.run("python3 -B '\(script)' --self-test").status == 0)
        let made = try Shell.run("cd '\(Repository.root.path)' && python3 -B '\(script)' sbom 1.2.3 0 pleura pleura-serve")
        try #require(made.status == 0, "\(made.errors)")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: Any])
        #expect(document["spdxVersion"] as? String == "SPDX-2.3" && document["SPDXID"] as? String == "SPDXRef-DOCUMENT")
        let packages = try #require(document["packages"] as? [[String: Any]])
        let ids = packages.compactMap { $0["SPDXID"] as? String }
        #expect(Set(ids).count == packages.count && ids.allSatisfy { $0.wholeMatch(of: #/SPDXRef-[A-Za-z0-9.-]+/#) != nil })
        for package in packages {
            for key in ["name", "versionInfo", "licenseConcluded", "licenseDeclared", "downloadLocation", "copyrightText"] {
                #expect((package[key] as? String)?.isEmpty == false, "\(package["name"] ?? "?"): \(key)")
            }
        }
        // Each relation is between parts that are listed.
        let relations = try #require(document["relationships"] as? [[String: Any]])
        for relation in relations {
            #expect(ids.contains(relation["relatedSpdxElement"] as? String ?? ""))
        }
        #expect(Set(relations.compactMap { $0["relatedSpdxElement"] as? String }) == Set(ids))
        // What Package.swift asks for and both programs link.
        let names = Set(packages.compactMap { $0["name"] as? String })
        for name in ["swift-argument-parser", "hummingbird", "GRDB.swift", "swift-nio-ssl", "openvino", "swift", "model-nih8-fast"] {
            #expect(names.contains(name), "\(name)")
        }
        // What the loader finds in the system is there, by the names of its packages.
        let comments = packages.compactMap { $0["comment"] as? String }.joined(separator: " ")
        for program in ["pleura", "pleura-serve"] {
            let dynamic = try Shell.run("readelf -d '\(ProgramUnderTest.file(program).path)'").output
            for match in dynamic.matches(of: #/\(NEEDED\).*\[(\S+)\]/#) where !match.1.contains("wift") && !match.1.contains("Foundation") {
                let name = String(match.1)
                // The loader itself is of the C library.
                guard !["libdispatch.so", "libBlocksRuntime.so", "ld-linux-x86-64.so.2"].contains(name) else { continue }
                #expect(comments.contains(name), "\(program): \(name)")
            }
        }
    }
}
