/// The backbones by the names that presets and cards use.
public enum BackboneKind: String, Codable, CaseIterable, Hashable, Sendable {
    case mobileNetV3Large = "mobilenet-v3-large"
    case mobileNetV2 = "mobilenet-v2"
    case resNet18 = "resnet-18"
    case resNet34 = "resnet-34"
    case resNet50 = "resnet-50"
    case efficientNetLite0 = "efficientnet-lite0"
    case efficientNetLite1 = "efficientnet-lite1"
    case efficientNetLite2 = "efficientnet-lite2"

    /// The name inside an architecture's, such as `resnet18`.
    var identifier: String {
        switch self {
        case .mobileNetV3Large, .mobileNetV2: rawValue.replacing("-", with: "_")
        case .resNet18, .resNet34, .resNet50: rawValue.replacing("-", with: "")
        case .efficientNetLite0, .efficientNetLite1, .efficientNetLite2: rawValue.replacing("-", with: "_")
        }
    }

    /// The backbone, its parameters named from `name` on, with starting values of its own.
    /// - Parameter isForPyramid: MobileNets give maps at strides 8, 16 and 32 for a pyramid, else those that SSDLite reads.
    /// - Throws: `NetworkError` where this backbone has no such maps.
    func make(_ name: String, isForPyramid: Bool, inputChannels: Int, initialiser: inout Initialiser) throws -> any Backbone {
        func resNet(_ depth: ResNet.Depth) throws -> any Backbone {
            try ResNet(name, depth: depth, inputChannels: inputChannels, initialiser: &initialiser)
        }
        func efficientNet(_ variant: EfficientNetLite.Variant) throws -> any Backbone {
            try EfficientNetLite(name, variant: variant, inputChannels: inputChannels, initialiser: &initialiser)
        }
        switch self {
        case .mobileNetV3Large:
            return try MobileNetV3(name, isForPyramid: isForPyramid, inputChannels: inputChannels, initialiser: &initialiser)
        case .mobileNetV2:
            return try MobileNetV2(name, isForPyramid: isForPyramid, inputChannels: inputChannels, initialiser: &initialiser)
        case .resNet18: return try resNet(.layers18)
        case .resNet34: return try resNet(.layers34)
        case .resNet50: return try resNet(.layers50)
        case .efficientNetLite0: return try efficientNet(.lite0)
        case .efficientNetLite1: return try efficientNet(.lite1)
        case .efficientNetLite2: return try efficientNet(.lite2)
        }
    }
}
