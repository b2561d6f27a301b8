import Foundation

/// Several models that read together: `ensemble.json` of a bundle that refers to others instead of holding a network of its own.
///
/// Their boxes are fused by weighted box fusion (Solovyev, Wang, Gabruska, Image and Vision Computing 2021), their whole-image scores
/// averaged.
public struct ModelEnsemble: Hashable, Sendable {
    /// One of the models.
    public struct Member: Hashable, Sendable {
        /// As `ensemble.json` has it: from the ensemble's own folder.
        public var path: String
        public var bundle: ModelBundle

        public init(path: String, bundle: ModelBundle) {
            self.path = path
            self.bundle = bundle
        }
    }

    public var members: [Member]
    /// Boxes of a finding become one where their IoU is greater than this.
    public var fusionIoU: Double

    public init(members: [Member], fusionIoU: Double = 0.4) {
        self.members = members
        self.fusionIoU = fusionIoU
    }
}

/// `ensemble.json`.
struct EnsembleFile: Codable {
    struct Member: Codable {
        var bundle: String
        /// SHA-256 of the member's `model.onnx`, so that no other network takes its place.
        var network: String
        /// The same of `model.int8.onnx`; `nil` where the member had none when the ensemble was made.
        var int8Network: String?

        private enum CodingKeys: String, CodingKey {
            case bundle, network
            case int8Network = "int8_network"
        }
    }

    var members: [Member]
    var fusionIoU: Double

    private enum CodingKeys: String, CodingKey {
        case members
        case fusionIoU = "fusion_iou"
    }

    static let name = "ensemble.json"
    /// More would be a mistake, or a folder made to keep a reader busy.
    static let maximumMembers = 64

    init(_ ensemble: ModelEnsemble) throws(ModelError) {
        var members: [Member] = []
        for member in ensemble.members {
            guard let network = member.bundle.networkSum else {
                throw ModelError(.cannotWrite, "\(member.path) is an ensemble itself and cannot be a member of another")
            }
            members.append(Member(bundle: member.path, network: network, int8Network: member.bundle.int8Sum))
        }
        self.members = members
        fusionIoU = ensemble.fusionIoU
    }

    var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self) + Data("\n".utf8)
        }
    }

    /// Reads the members.
    /// - Parameter directory: Of the ensemble.
    /// - Throws: `ModelError` that names the member and the reason.
    static func ensemble(json: Data, directory: URL) throws -> ModelEnsemble {
        guard let file = try? JSONDecoder().decode(EnsembleFile.self, from: json) else {
            throw ModelError(.damaged, "\(name) is not a list of models")
        }
        guard (1...maximumMembers).contains(file.members.count) else {
            throw ModelError(.damaged, "\(name) names \(file.members.count) models; an ensemble has 1 to \(maximumMembers)")
        }
        guard (0...1).contains(file.fusionIoU) else { throw ModelError(.damaged, "\(name): fusion_iou is not in 0 to 1") }
        let members = try file.members.map { member in
            var bundle: ModelBundle
            do {
                bundle = try ModelBundle(directory: directory.appendingPathComponent(member.bundle), allowsEnsemble: false)
            } catch {
                let fault = error as? ModelError
                throw ModelError(fault?.code ?? .unreadable, "member \(member.bundle): \(fault?.reason ?? "cannot be read")")
            }
            guard bundle.networkSum == member.network else {
                throw ModelError(.altered, "member \(member.bundle) is not the network that the ensemble was made with")
            }
            if let int8 = member.int8Network, bundle.int8Sum != int8 {
                throw ModelError(.altered, "member \(member.bundle) has not the INT8 network that the ensemble was made with")
            }
            // One that came later is none of the ensemble's: its digest does not name it.
            bundle.int8Sum = member.int8Network
            return ModelEnsemble.Member(path: member.bundle, bundle: bundle)
        }
        return ModelEnsemble(members: members, fusionIoU: file.fusionIoU)
    }
}
