import Foundation

/// A ready-made configuration, carried inside the program.
public struct Preset: Hashable, Sendable {
    public let name: String
    /// YAML, as `ConfigurationFile` reads it.
    public let text: String
    /// Names that the Object Detection API's model zoo and its pipelines have for the same kind of network.
    public let aliases: [String]

    static let defaultName = "ssdlite-mobilenet"

    /// In the order in which a person should meet them.
    public static let all: [Preset] = [
        Preset(
            "ssdlite-mobilenet", PackageResources.ssdlite_mobilenet_yaml,
            aliases: ["ssd_mobilenet_v3_large", "ssd_mobilenet_v3_large_coco", "ssdlite_mobilenet_v3_large_320x320_coco"]),
        Preset(
            "ssd-mobilenetv2", PackageResources.ssd_mobilenetv2_yaml,
            aliases: [
                "ssd_mobilenet_v2", "ssd_mobilenet_v2_keras", "ssd_mobilenet_v2_320x320_coco17_tpu-8", "ssdlite_mobilenet_v2_coco",
            ]),
        Preset(
            "ssd-mobilenetv2-fpnlite", PackageResources.ssd_mobilenetv2_fpnlite_yaml,
            aliases: [
                "ssd_mobilenet_v2_fpn", "ssd_mobilenet_v2_fpn_keras", "ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8",
                "ssd_mobilenet_v2_fpnlite_640x640_coco17_tpu-8",
            ]),
        Preset("nih8-boxes", PackageResources.nih8_boxes_yaml),
        Preset("nih8-fast", PackageResources.nih8_fast_yaml),
        Preset("nih8-accurate", PackageResources.nih8_accurate_yaml),
        Preset("nih8-pyramid", PackageResources.nih8_pyramid_yaml),
        Preset("nih14-experimental", PackageResources.nih14_experimental_yaml),
        Preset("retina-mobilenet", PackageResources.retina_mobilenet_yaml),
        Preset("retina-resnet18", PackageResources.retina_resnet18_yaml),
        Preset("retina-resnet34", PackageResources.retina_resnet34_yaml),
        Preset(
            "retina-resnet50", PackageResources.retina_resnet50_yaml,
            aliases: [
                "ssd_resnet50_v1_fpn", "ssd_resnet50_v1_fpn_keras", "ssd_resnet50_v1_fpn_640x640_coco17_tpu-8",
                "ssd_resnet50_v1_fpn_1024x1024_coco17_tpu-8",
            ]),
        Preset("retina-efficientnet-lite0", PackageResources.retina_efficientnet_lite0_yaml),
        Preset("retina-efficientnet-lite1", PackageResources.retina_efficientnet_lite1_yaml),
        Preset("retina-efficientnet-lite2", PackageResources.retina_efficientnet_lite2_yaml),
        Preset("retinanet-resnet18", PackageResources.retinanet_resnet18_yaml),
        Preset("anatomy", PackageResources.anatomy_yaml),
        Preset("anatomy-proposed", PackageResources.anatomy_proposed_yaml),
        Preset("anatomy-fine", PackageResources.anatomy_fine_yaml),
        Preset("pretrain-chest-128", PackageResources.pretrain_chest_128_yaml),
        Preset("pretrain-chest", PackageResources.pretrain_chest_yaml),
        Preset("pretrain-phantoms", PackageResources.pretrain_phantoms_yaml),
        Preset("pretrain-phantoms-pyramid", PackageResources.pretrain_phantoms_pyramid_yaml),
        Preset("pretrain-resnet18", PackageResources.pretrain_resnet18_yaml),
        Preset("pretrain-efficientnet-lite0", PackageResources.pretrain_efficientnet_lite0_yaml),
    ]

    private init(_ name: String, _ bytes: [UInt8], aliases: [String] = []) {
        self.name = name
        text = String(decoding: bytes, as: UTF8.self)
        self.aliases = aliases
    }

    /// By its own name or one of the Object Detection API's, in any case.
    public static func named(_ name: String) -> Preset? {
        let wanted = name.lowercased()
        return all.first { $0.name == wanted || $0.aliases.contains(wanted) }
    }

    /// What it is for.
    public func configuration() throws -> TrainingConfiguration { try ConfigurationFile.read(name) }
}
