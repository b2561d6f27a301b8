import Foundation
import ObjectDetectionAPI
import TrainingExamples

extension PipelineTranslator {
    private typealias Step = ObjectDetection_Protos_PreprocessingStep
    private static let optionsPath = "train_config.data_augmentation_options"
    /// Pictures are zoomed out to at most this factor: at more, a finding has few pixels left.
    private static let farthest = 2.0
    /// Noise over a whole picture has at most this deviation, as a share of full scale: at more, no finding is left.
    private static let mostNoise = 0.1

    /// What the options say in the terms of `Augmentation`; what none of them says is off.
    mutating func augmentation(_ options: [ObjectDetection_Protos_PreprocessingStep]) -> Augmentation {
        var result = Augmentation.none
        let unknown = Set(file.unknownFields)
        let prefix = Self.optionsPath + "."
        let places = file.places.filter {
            $0.path.hasPrefix(prefix) && !$0.path.dropFirst(prefix.count).contains(".") && !unknown.contains($0)
        }
        for (place, option) in zip(places, options.filter { $0.preprocessingStep != nil }) { add(option, at: place, to: &result) }
        return result
    }

    private mutating func add(_ option: Step, at place: PipelineFile.Place, to result: inout Augmentation) {
        let (path, line) = (place.path, place.line)
        func bounded(_ value: Float, _ range: ClosedRange<Double>) -> Double? {
            let value = Self.decimal(value)
            return range.contains(value) ? value : nil
        }
        switch option.preprocessingStep {
        case .randomHorizontalFlip(let flip)?:
            guard let probability = bounded(flip.probability, 0...1) else {
                return problem(.value, path, line: line, "a probability is between 0 and 1")
            }
            result.geometry.flipProbability = probability
            if !flip.keypointFlipPermutation.isEmpty { note(path, line: line, "flips; there are no key points to permute") }
        case .randomAdjustBrightness(let brightness)?:
            guard let shift = bounded(brightness.maxDelta, 0...1) else {
                return problem(.value, path, line: line, "max_delta is between 0 and 1")
            }
            result.grey.brightness = shift
        case .randomAdjustContrast(let contrast)?:
            guard let low = bounded(contrast.minDelta, 0...10), let high = bounded(contrast.maxDelta, 0...10), low <= high else {
                return problem(.value, path, line: line, "the factors of contrast rise from min_delta to max_delta")
            }
            setContrast(&result, low...high)
            note(path, line: line, "contrast about the middle grey by up to \(Self.short(result.grey.contrast)) either way")
        case .randomDistortColor?:
            // The Object Detection API's fixed amounts.
            result.grey.brightness = 32.0 / 255.0
            setContrast(&result, 0.5...1.5)
            note(path, line: line, "its brightness and contrast only: radiographs have no hue and no saturation")
        case .randomCropImage(let crop)?:
            look(
                at: (Self.decimal(crop.minArea), Self.decimal(crop.maxArea)),
                aspect: (Self.decimal(crop.minAspectRatio), Self.decimal(crop.maxAspectRatio)), visible: Self.decimal(crop.overlapThresh),
                place, &result)
        case .randomCropPadImage(let crop)?:
            look(
                at: (Self.decimal(crop.minArea), Self.decimal(crop.maxArea)),
                aspect: (Self.decimal(crop.minAspectRatio), Self.decimal(crop.maxAspectRatio)), visible: Self.decimal(crop.overlapThresh),
                padding: Self.decimal(crop.maxPaddedSizeRatio.max() ?? 2), place, &result)
        case .ssdRandomCrop(let crop)?:
            let areas = crop.operations.map { (Self.decimal($0.minArea), Self.decimal($0.maxArea)) }
            let aspects = crop.operations.map { (Self.decimal($0.minAspectRatio), Self.decimal($0.maxAspectRatio)) }
            look(areas, aspects, overlaps: crop.operations.map(\.overlapThresh), place, &result)
        case .ssdRandomCropPad(let crop)?:
            let areas = crop.operations.map { (Self.decimal($0.minArea), Self.decimal($0.maxArea)) }
            let aspects = crop.operations.map { (Self.decimal($0.minAspectRatio), Self.decimal($0.maxAspectRatio)) }
            let padding = Self.decimal(crop.operations.flatMap(\.maxPaddedSizeRatio).max() ?? 2)
            look(areas, aspects, overlaps: crop.operations.map(\.overlapThresh), padding: padding, place, &result)
        case .ssdRandomCropFixedAspectRatio(let crop)?:
            let areas = crop.operations.map { (Self.decimal($0.minArea), Self.decimal($0.maxArea)) }
            look(areas, [(1, 1)], overlaps: crop.operations.map(\.overlapThresh), place, &result)
        case .ssdRandomCropPadFixedAspectRatio(let crop)?:
            let areas = crop.operations.map { (Self.decimal($0.minArea), Self.decimal($0.maxArea)) }
            let padding = Self.decimal(crop.maxPaddedSizeRatio.max() ?? 2)
            look(areas, [(1, 1)], overlaps: crop.operations.map(\.overlapThresh), padding: padding, place, &result)
        case .randomPadImage?:
            result.geometry.scaleHigh = max(result.geometry.scaleHigh, Self.farthest)
            note(path, line: line, "zooms out to at most \(Self.farthest) times the picture, black around it")
        case .randomSquareCropByScale(let crop)?:
            zoom(Self.decimal(crop.scaleMin), Self.decimal(crop.scaleMax), "any scale between its two", place, &result)
        case .randomScaleCropAndPadToSquare(let crop)?:
            let (low, high) = (Self.decimal(crop.scaleMin), Self.decimal(crop.scaleMax))
            guard low > 0, low <= high, high.isFinite else {
                return problem(.value, path, line: line, "the scales rise from scale_min, which is above 0, to scale_max")
            }
            zoom(1 / high, 1 / low, "a square", place, &result)
        case .randomBlackPatches(let patches)?:
            guard let chance = bounded(patches.probability, 0...1), let size = bounded(patches.sizeToImageRatio, 0...1),
                (0...100).contains(patches.maxBlackPatches)
            else {
                return problem(.value, path, line: line, "0 to 100 patches, whose chance and size are between 0 and 1")
            }
            (result.cutOut.probability, result.cutOut.count, result.cutOut.fill) = (chance, Int(patches.maxBlackPatches), 0)
            (result.cutOut.sideLow, result.cutOut.sideHigh) = (size, size)
            note(path, line: line, "squares of the input's side; a box that they hide is left out as one that is cut off")
        case .randomPatchGaussian(let patch)?:
            guard let kept = bounded(patch.randomCoef, 0...1), let deviation = bounded(patch.maxGaussianStddev, 0...1) else {
                return problem(.value, path, line: line, "random_coef and the deviations are between 0 and 1")
            }
            addNoise(1 - kept, &result)
            // Over one patch a deviation of 1 leaves the rest of the picture; over all of it nothing would be left.
            result.noise.electronic = min(Self.mostNoise, deviation)
            note(
                path, line: line,
                "noise of a deviation of up to \(Self.short(result.noise.electronic)) of full scale over the whole picture, not a patch")
        case .randomPixelValueScale(let scale)?:
            guard let low = bounded(scale.minval, 0...2), let high = bounded(scale.maxval, 0...2), low <= high else {
                return problem(.value, path, line: line, "the factors are between 0 and 2 and rise from minval to maxval")
            }
            addNoise(1, &result)
            // The deviation of an even distribution.
            result.noise.quantum = min(Self.mostNoise, (high - low) / 12.0.squareRoot())
            note(
                path, line: line,
                "noise of a deviation of up to \(Self.short(result.noise.quantum * 100))% at full scale, which grows with the root of grey"
                    + " as quanta do, not with grey")
        default:
            let name = String(path.dropFirst(Self.optionsPath.count + 1))
            note(path, line: line, Self.reasons[name].map { "left out: \($0)" } ?? "left out: it has no counterpart")
        }
    }

    /// Switches noise on; only the kinds that options name are drawn.
    private func addNoise(_ probability: Double, _ result: inout Augmentation) {
        if result.noise.probability == 0 { (result.noise.electronic, result.noise.quantum) = (0, 0) }
        result.noise.probability = max(result.noise.probability, probability)
    }

    private func setContrast(_ result: inout Augmentation, _ factors: ClosedRange<Double>) {
        result.grey.contrast = min(0.9, max(factors.upperBound - 1, 1 - factors.lowerBound, 0))
    }

    /// The SSD paper's crops: one operation by chance. Pleura draws from the whole range that they span.
    private mutating func look(
        _ areas: [(Double, Double)], _ aspects: [(Double, Double)], overlaps: [Float], padding: Double = 1, _ place: PipelineFile.Place,
        _ result: inout Augmentation
    ) {
        // Without operations the Object Detection API takes seven of its own: areas of 0.1 to 1, aspects of 0.5 to 2, overlaps of 0 to 1.
        let overlap = overlaps.isEmpty ? 0.5 : overlaps.map(Self.decimal).reduce(0, +) / Double(overlaps.count)
        look(
            at: (areas.map(\.0).min() ?? 0.1, areas.map(\.1).max() ?? 1),
            aspect: (aspects.map(\.0).min() ?? 0.5, aspects.map(\.1).max() ?? 2), visible: overlap, padding: padding, place, &result)
    }

    /// A crop by area and aspect becomes a part by the factor of its side.
    private mutating func look(
        at area: (Double, Double), aspect: (Double, Double), visible: Double, padding: Double = 1, _ place: PipelineFile.Place,
        _ result: inout Augmentation
    ) {
        guard area.0 >= 0, area.0 <= area.1, area.1 > 0, area.1 <= 1, aspect.0 > 0, aspect.0 <= aspect.1, aspect.1.isFinite,
            (0...1).contains(visible), padding >= 1, padding.isFinite
        else {
            return problem(
                .value, place.path, line: place.line,
                "areas and overlaps are shares, areas and aspects rise from min to max, paddings are at least 1")
        }
        result.geometry.scaleLow = min(result.geometry.scaleLow, max(0.1, area.0.squareRoot()))
        result.geometry.scaleHigh = max(result.geometry.scaleHigh, min(Self.farthest, padding))
        result.geometry.aspect = max(0, min(0.5, aspect.1.squareRoot() - 1, 1 - aspect.0.squareRoot()))
        result.geometry.visibleShare = visible
        let cut =
            visible > 0 ? "a box of which less than \(Self.short(visible)) is seen is left out" : "boxes are kept however little is seen"
        note(
            place.path, line: place.line,
            "shows a part of \(Self.short(result.geometry.scaleLow)) to \(Self.short(result.geometry.scaleHigh)) of the longer side, up to "
                + "\(Self.short(result.geometry.aspect * 100))% wider or higher; \(cut)")
    }

    private mutating func zoom(_ low: Double, _ high: Double, _ what: String, _ place: PipelineFile.Place, _ result: inout Augmentation) {
        guard low > 0, low <= high, high.isFinite else {
            return problem(.value, place.path, line: place.line, "the scales rise from scale_min, which is above 0, to scale_max")
        }
        result.geometry.scaleLow = min(result.geometry.scaleLow, max(0.1, min(Self.farthest, low)))
        result.geometry.scaleHigh = max(result.geometry.scaleHigh, min(Self.farthest, high))
        note(
            place.path, line: place.line,
            "shows \(what) of \(Self.short(result.geometry.scaleLow)) to \(Self.short(result.geometry.scaleHigh)) of the longer side")
    }

    /// Why an option is left out.
    private static let reasons: [String: String] = [
        "normalize_image": "the preprocessing has its own scale of grey",
        "random_image_scale": "the resizing after it undoes it",
        "random_rgb_to_gray": "radiographs are grey",
        "rgb_to_gray": "radiographs are grey",
        "random_adjust_hue": "radiographs are grey",
        "random_adjust_saturation": "radiographs are grey",
        "random_jitter_boxes": "boxes are learnt as the readers drew them",
        "random_crop_to_aspect_ratio": "pictures keep their proportions and are padded",
        "random_resize_method": "pictures are resampled in one way",
        "scale_boxes_to_pixel_coordinates": "boxes are in pixels already",
        "resize_image": "the preprocessing has its own size",
        "subtract_channel_mean": "the preprocessing has its own scale of grey",
        "random_vertical_flip": "a chest is not read upside down",
        "random_rotation90": "a chest is not read lying on its side",
        "convert_class_logits_to_softmax": "boxes have one class, no scores of several",
        "random_absolute_pad_image": "its sizes in pixels have no counterpart",
        "random_self_concat_image": "a picture beside itself has no counterpart: a mosaic is of four",
        "autoaugment_image": "learnt policies have no counterpart",
        "drop_label_probabilistically": "every box is learnt from; leave the label out of the records",
        "remap_labels": "labels stay as the records have them; change them in the label map",
        "random_jpeg_quality": "compression has no counterpart",
        "random_downscale_to_target_pixels": "the resizing after it undoes it",
        "adjust_gamma": "the same curve for every picture has no counterpart",
    ]
}
