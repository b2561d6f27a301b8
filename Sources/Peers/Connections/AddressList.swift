import Foundation

/// Who may connect: addresses, and networks as `10.1.0.0/16` or `fd00::/8` (RFC 4632, RFC 4291).
package struct AddressList: Hashable, Sendable {
    private struct Network: Hashable, Sendable {
        var bytes: [UInt8]
        var bits: Int

        func contains(_ address: [UInt8]) -> Bool {
            guard address.count == bytes.count else { return false }
            return bytes.indices.allSatisfy { index in
                let shift = max(0, min(8, 8 * (index + 1) - bits))
                return address[index] >> shift == bytes[index] >> shift
            }
        }
    }

    private let networks: [Network]

    /// - Throws: `badSettings` with what is no address.
    package init(_ texts: [String]) throws(PeerError) {
        var networks: [Network] = []
        for text in texts {
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let bytes = Self.bytes(of: String(parts[0])), let bits = parts.count == 2 ? Int(parts[1]) : bytes.count * 8,
                (0...bytes.count * 8).contains(bits)
            else { throw PeerError(.badSettings, "“\(text)” is neither an address nor a network") }
            networks.append(Network(bytes: bytes, bits: bits))
        }
        self.networks = networks
    }

    /// An empty list lets everybody in.
    package func allows(_ address: PeerAddress) -> Bool {
        guard !networks.isEmpty else { return true }
        guard let bytes = Self.bytes(of: address.host) else { return false }
        return networks.contains { $0.contains(bytes) }
    }

    private static func bytes(of text: String) -> [UInt8]? {
        // A zone, as in fe80::1%eth0, is of this machine and not of the address.
        let text = String(text.prefix { $0 != "%" })
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
