import Foundation
import ModelGraph

/// Whose weights a file seems to hold, told by names and shapes.
enum WeightOrigin {
    static func guess(_ arrays: [String: NumericArray]) -> String? {
        func has(_ ending: String) -> Bool { arrays.keys.contains { $0 == ending || $0.hasSuffix("." + ending) } }
        func contains(_ text: String) -> Bool { arrays.keys.contains { $0.contains(text) } }
        func width(_ ending: String) -> Int? { arrays.first { $0.key == ending || $0.key.hasSuffix("." + ending) }?.value.shape.first }
        /// One more than the largest number behind a text, such as the blocks of a stage.
        func count(_ text: String) -> Int {
            1
                + (arrays.keys.compactMap { key in key.range(of: text).flatMap { Int(key[$0.upperBound...].prefix { $0.isNumber }) } }.max()
                    ?? -1)
        }

        if let scope = arrays.keys.first(where: { $0.hasPrefix("FeatureExtractor/") })?.split(separator: "/").dropFirst().first {
            return "the TF Object Detection API's, on \(scope)"
        }
        if arrays.keys.contains(where: { $0.hasPrefix("network/") || $0.hasPrefix("average/") }) { return "a run's of ours" }
        if contains("roi_heads.") { return "torchvision's Faster or Mask R-CNN" }
        if has("regression_head.bbox_ctrness.weight") { return "torchvision's FCOS" }
        if has("regression_head.bbox_reg.weight") { return "torchvision's RetinaNet" }
        if contains("classification_head.module_list.") {
            return contains(".extra.") && contains("features.1.3.") ? "torchvision's SSDLite" : "torchvision's SSD"
        }
        if has("layer1.0.conv1.weight") {
            let blocks = (1...4).map { count("layer\($0).") }
            let depth = [[2, 2, 2, 2]: 18, [3, 4, 6, 3]: 34, [3, 4, 23, 3]: 101, [3, 8, 36, 3]: 152][blocks]
            let isDeep = has("layer1.0.conv3.weight")
            guard let depth, depth > 34 || blocks == [3, 4, 6, 3] || !isDeep else { return "a ResNet" }
            return "ResNet-\(isDeep && depth == 34 ? 50 : depth)"
        }
        if contains("features.denseblock1.") { return "a DenseNet" }
        if has("_blocks.0._depthwise_conv.weight") { return "an EfficientNet of EfficientNet-PyTorch's kind" }
        if has("features.1.conv.0.0.weight") { return "torchvision's MobileNetV2" }
        if has("features.1.block.0.0.weight") { return "torchvision's MobileNetV3" }
        if has("features.1.0.block.0.0.weight") { return "torchvision's EfficientNet" }
        if contains(".attn.qkv.") || contains(".self_attention.") { return "a vision transformer" }
        if has("conv_stem.weight") { return has("blocks.6.0.conv.weight") ? "timm's MobileNetV3" : "timm's MobileNetV2 or EfficientNet" }
        if has("backbone.stem.convolution.weight") { return "a network of ours" }
        return nil
    }
}
