import Archive
import Foundation

extension ArchiveConformance {
    static let people = [
        Check("users are added, changed and listed") { archive in
            let ann = User(name: "ann", role: .reader, passwordHash: "h1", made: Samples.time(1))
            var bob = User(name: "bob", role: .administrator, passwordHash: "h2", made: Samples.time(2), lastLogin: Samples.time(3))
            try await archive.addUser(bob)
            try await archive.addUser(ann)
            try await expect(.exists, "a second of that name") { try await archive.addUser(ann) }
            (bob.role, bob.isDisabled, bob.passwordHash, bob.lastLogin) = (.reader, true, "h3", nil)
            try await archive.updateUser(bob)
            try expect(try await archive.users(), is: [ann, bob], "the users")
            try expect(try await archive.user("bob"), is: bob, "bob")
            try expect(try await archive.user("BOB"), is: nil, "a name in other letters")
            try await expect(.notFound, "a change of nobody") {
                try await archive.updateUser(User(name: "eve", role: .administrator, passwordHash: "", made: Samples.time(1)))
            }
        },
        Check("sessions are kept, prolonged and ended") { archive in
            func session(_ number: Int, _ user: String, ends: Int) -> UserSession {
                UserSession(
                    tokenDigest: "t\(number)", user: user, role: .reader, began: Samples.time(1), lastUsed: Samples.time(2),
                    ends: Samples.time(ends))
            }
            let all = [session(1, "ann", ends: 10), session(2, "ann", ends: 20), session(3, "ann", ends: 30), session(4, "bob", ends: 40)]
            for session in all { try await archive.addSession(session) }
            func there() async throws -> [Int] {
                var there: [Int] = []
                for number in 1...4 where try await archive.session(tokenDigest: "t\(number)") != nil { there.append(number) }
                return there
            }
            try expect(try await archive.session(tokenDigest: "t2"), is: all[1], "a session")
            try await archive.touchSession(tokenDigest: "t2", lastUsed: Samples.time(5), ends: Samples.time(25))
            try expect(try await archive.session(tokenDigest: "t2")?.lastUsed, is: Samples.time(5), "when it was used")
            try expect(try await archive.session(tokenDigest: "t2")?.ends, is: Samples.time(25), "its end")
            try await archive.touchSession(tokenDigest: "t9", lastUsed: Samples.time(5), ends: Samples.time(25))
            try await archive.removeEndedSessions(now: Samples.time(10))
            try expect(try await there(), is: [2, 3, 4], "those that have not ended")
            try await archive.endSessions(of: "ann", except: "t3")
            try expect(try await there(), is: [3, 4], "all of bob's and one of ann's")
            try await archive.endSession(tokenDigest: "t4")
            try await archive.endSessions(of: "ann", except: nil)
            try expect(try await there(), is: [], "what is left")
        },
        Check("a one-time link works once, and not after its end") { archive in
            try await archive.addOneTimeLink(tokenDigest: "l1", ends: Samples.time(10))
            try await archive.addOneTimeLink(tokenDigest: "l2", ends: Samples.time(10))
            try expect(try await archive.redeemOneTimeLink(tokenDigest: "l1", now: Samples.time(9)), "the first use is welcome")
            try expect(try await archive.redeemOneTimeLink(tokenDigest: "l1", now: Samples.time(9)), is: false, "the second use")
            try expect(try await archive.redeemOneTimeLink(tokenDigest: "l2", now: Samples.time(10)), is: false, "a use after its end")
            try expect(try await archive.redeemOneTimeLink(tokenDigest: "l3", now: Samples.time(0)), is: false, "an unknown link")
            try await archive.addOneTimeLink(tokenDigest: "l4", ends: Samples.time(100))
            let uses = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 { group.addTask { try await archive.redeemOneTimeLink(tokenDigest: "l4", now: Samples.time(0)) } }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            try expect(uses, is: 1, "the number of uses at once")
        },
        Check("settings are bytes by name") { archive in
            try expect(try await archive.setting("site"), is: nil, "what was not set")
            try await archive.setSetting("site", Data("{\"a\": 1}".utf8))
            try await archive.setSetting("site", Data([0, 255, 1]))
            try await archive.setSetting("empty", Data())
            try expect(try await archive.setting("site"), is: Data([0, 255, 1]), "what was set last")
            try expect(try await archive.setting("empty"), is: Data(), "nothing, which is not the same as none")
            try await archive.setSetting("site", nil)
            try expect(try await archive.setting("site"), is: nil, "what was removed")
        },
    ]
}
