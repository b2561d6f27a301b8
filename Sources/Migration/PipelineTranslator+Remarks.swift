import ObjectDetectionAPI
import TrainingExamples

extension PipelineTranslator {
    /// How a part of the file is treated here.
    private enum Treatment {
        /// Read into the configuration, or told elsewhere.
        case read
        /// Pleura does just this, where the value is this one; else the line.
        case same(String, else: String)
        /// The line; said once, for all of the part.
        case instead(String)
    }

    /// A line for every field of the file that the configuration does not carry. The longest prefix of a field's path decides, and a
    /// field without any is told as itself, so that none is passed over in silence.
    mutating func remarkOnTheRest() {
        for place in file.unknownFields {
            note(place.path, line: place.line, "the Object Detection API of 2022 has no such field: left out")
        }
        for place in file.repeatedFields {
            note(place.path, line: place.line, "given more than once: the last counts, as in the Object Detection API")
        }
        let unknown = Set(file.unknownFields.map(\.path))
        var said = Set<String>()
        for (place, value) in file.leaves {
            guard !Self.prefixes(of: place.path).contains(where: unknown.contains) else { continue }
            guard let (prefix, treatment) = Self.treatment(of: place.path) else {
                note(place.path, line: place.line, "has no counterpart")
                continue
            }
            switch treatment {
            case .read: continue
            case .same(let expected, let text):
                if Self.isSame(value, expected) { continue }
                note(place.path, line: place.line, text)
            case .instead(let text):
                if said.insert(prefix).inserted { note(prefix, line: place.line, text) }
            }
        }
    }

    /// Every path that the table below knows.
    static var treatedPaths: [String] { treatments.keys.sorted() }

    private static func treatment(of path: String) -> (prefix: String, Treatment)? {
        for prefix in prefixes(of: path) {
            if let treatment = treatments[prefix] { return (prefix, treatment) }
        }
        return nil
    }

    /// The path itself, then those of the messages around it, innermost first.
    private static func prefixes(of path: String) -> [String] {
        var result = [path]
        while let last = result.last, let dot = last.lastIndex(of: ".") { result.append(String(last[..<dot])) }
        return result
    }

    private static func isSame(_ value: String, _ expected: String) -> Bool {
        if let a = Double(value), let b = Double(expected) { return a == b }
        return value.lowercased().filter { $0 != "\"" && $0 != "'" } == expected
    }

    private static let machine = "one machine trains, with one copy of the network"
    private static let computing = "how TensorFlow computes; it changes nothing here"
    private static let noBackground = "each finding has its own score, and there is no column for the background"
    private static let weights = "see fine_tune_checkpoint"
    private static let anchors = "the network's own anchors; SSD's: six grids, scales 0.2 to 0.95, aspects 1, 2, 1/2, 3, 1/3"
    private static let coder = "the network's own coding; SSD's: centres times 10 and logarithms of sizes times 5, in anchor sizes"

    private static let treatments: [String: Treatment] = [
        // The network.
        "model.ssd.num_classes": .read,
        "model.ssd.image_resizer": .read,
        "model.ssd.feature_extractor": .instead("the network's own layers as they are"),
        "model.ssd.feature_extractor.type": .read,
        "model.ssd.feature_extractor.depth_multiplier": .same("1", else: "the full width"),
        "model.ssd.feature_extractor.use_depthwise": .instead(
            "SSDLite's and FPN-lite's layers are depthwise, those of other networks whole"),
        "model.ssd.feature_extractor.fpn": .instead("the network's own pyramid, where it has one"),
        "model.ssd.feature_extractor.bifpn": .instead("no weighted pyramid: the network's own, where it has one"),
        "model.ssd.feature_extractor.conv_hyperparams": .instead(
            "the network's own activation and starting numbers; AdamW's weight decay instead of a regulariser"),
        "model.ssd.feature_extractor.conv_hyperparams.batch_norm.decay": .read,
        "model.ssd.feature_extractor.conv_hyperparams.sync_batch_norm.decay": .read,
        "model.ssd.feature_extractor.override_base_feature_extractor_hyperparams": .instead("the same settings for all layers"),
        "model.ssd.box_predictor": .instead("the network's own heads"),
        "model.ssd.anchor_generator": .instead(anchors),
        "model.ssd.anchor_generator.multiscale_anchor_generator": .instead(
            "scales and aspect ratios are taken where the network is a pyramid with anchors; its levels are its own"),
        "model.ssd.anchor_generator.ssd_anchor_generator.num_layers": .same("6", else: anchors),
        "model.ssd.anchor_generator.ssd_anchor_generator.min_scale": .read,
        "model.ssd.anchor_generator.ssd_anchor_generator.max_scale": .read,
        "model.ssd.anchor_generator.ssd_anchor_generator.reduce_boxes_in_lowest_layer": .same("true", else: anchors),
        "model.ssd.anchor_generator.ssd_anchor_generator.interpolated_scale_aspect_ratio": .same("1", else: anchors),
        "model.ssd.box_coder": .instead(coder),
        "model.ssd.box_coder.faster_rcnn_box_coder.y_scale": .same("10", else: coder),
        "model.ssd.box_coder.faster_rcnn_box_coder.x_scale": .same("10", else: coder),
        "model.ssd.box_coder.faster_rcnn_box_coder.height_scale": .same("5", else: coder),
        "model.ssd.box_coder.faster_rcnn_box_coder.width_scale": .same("5", else: coder),
        "model.ssd.matcher": .instead("an anchor is matched to the box it overlaps most"),
        "model.ssd.matcher.argmax_matcher.matched_threshold": .read,
        "model.ssd.matcher.argmax_matcher.unmatched_threshold": .read,
        "model.ssd.matcher.argmax_matcher.ignore_thresholds": .same("false", else: "the thresholds are kept"),
        "model.ssd.matcher.argmax_matcher.negatives_lower_than_unmatched": .same("true", else: "background is below the lower threshold"),
        "model.ssd.matcher.argmax_matcher.force_match_for_each_row": .same("true", else: "every box has a positive anchor"),
        "model.ssd.matcher.argmax_matcher.use_matmul_gather": .instead(computing),
        "model.ssd.similarity_calculator": .instead("overlap is intersection over union"),
        "model.ssd.similarity_calculator.iou_similarity": .read,
        "model.ssd.encode_background_as_zeros": .instead(noBackground),
        "model.ssd.add_background_class": .instead(noBackground),
        "model.ssd.explicit_background_class": .instead(noBackground),
        "model.ssd.negative_class_weight": .same("1", else: "background weighs as the focal loss has it"),
        "model.ssd.freeze_batchnorm": .read,
        "model.ssd.inplace_batchnorm_update": .instead(computing),
        "model.ssd.normalize_loss_by_num_matches": .same("true", else: "losses are normalised by the positive anchors"),
        "model.ssd.normalize_loc_loss_by_codesize": .same("false", else: "the loss of boxes is one number a box, not four"),
        "model.ssd.use_confidences_as_targets": .same("false", else: "every box is taken as certain"),
        "model.ssd.implicit_example_weight": .instead("every image weighs the same"),
        "model.ssd.return_raw_detections_during_predict": .instead(computing),
        "model.ssd.mask_head_config": .instead("boxes only, no masks"),
        "model.ssd.loss": .instead("focal loss of the scores and generalised IoU of the boxes, over all anchors"),
        "model.ssd.loss.classification_loss": .instead("focal loss, alpha 0.25, gamma 2"),
        "model.ssd.loss.classification_loss.weighted_sigmoid_focal.alpha": .read,
        "model.ssd.loss.classification_loss.weighted_sigmoid_focal.gamma": .read,
        "model.ssd.loss.localization_loss": .instead("generalised IoU instead"),
        "model.ssd.loss.localization_loss.weighted_giou": .read,
        "model.ssd.loss.hard_example_miner": .instead("all anchors are learnt from; the focal loss fades the easy ones"),
        "model.ssd.loss.random_example_sampler": .instead("all anchors are learnt from; the focal loss fades the easy ones"),
        "model.ssd.loss.classification_weight": .same("1", else: "1 is used"),
        "model.ssd.loss.localization_weight": .read,
        "model.ssd.post_processing": .instead("suppression belongs to pleura detect; the scores are sigmoids"),

        // The training.
        "train_config.batch_size": .read,
        "train_config.num_steps": .read,
        "train_config.optimizer": .read,
        "train_config.optimizer.adam_optimizer.epsilon": .same("1e-8", else: "1e-8 is used"),
        "train_config.data_augmentation_options": .read,
        "train_config.gradient_clipping_by_norm": .read,
        "train_config.use_bfloat16": .instead("bfloat16 where this machine is fast with it (--precision)"),
        "train_config.fine_tune_checkpoint": .instead(
            "TensorFlow's checkpoints are not read: starts from the preset's weights (--weights NAME or FILE, or none for random numbers)"),
        "train_config.fine_tune_checkpoint_type": .instead(weights),
        "train_config.fine_tune_checkpoint_version": .instead(weights),
        "train_config.from_detection_checkpoint": .instead(weights),
        "train_config.load_all_detection_checkpoint_vars": .instead(weights),
        "train_config.run_fine_tune_checkpoint_dummy_computation": .instead(computing),
        "train_config.sync_replicas": .instead(machine),
        "train_config.replicas_to_aggregate": .instead(machine),
        "train_config.startup_delay_steps": .instead(machine),
        "train_config.keep_checkpoint_every_n_hours": .instead(
            "the last checkpoint is kept, written every 100 steps (--checkpoint-every-n)"),
        "train_config.bias_grad_multiplier": .instead("biases learn at the rate of their layer"),
        "train_config.update_trainable_variables": .instead("all layers learn"),
        "train_config.freeze_variables": .instead("all layers learn"),
        "train_config.batch_queue_capacity": .instead(computing),
        "train_config.num_batch_queue_threads": .instead(computing),
        "train_config.prefetch_queue_capacity": .instead(computing),
        "train_config.merge_multiple_label_boxes": .same("false", else: "boxes are not merged; each has its class"),
        "train_config.use_multiclass_scores": .same("false", else: "a box has one class"),
        "train_config.add_regularization_loss": .instead("AdamW's weight decay, outside the loss"),
        "train_config.max_number_of_boxes": .instead("all boxes of an image are learnt from"),
        "train_config.unpad_groundtruth_tensors": .instead(computing),
        "train_config.retain_original_images": .instead(computing),
        "train_config.summarize_gradients": .instead("steps.csv has the length of the gradient at every step"),

        // The data.
        "train_input_reader": .instead(computing),
        "train_input_reader.label_map_path": .read,
        "train_input_reader.tf_record_input_reader.input_path": .read,
        "train_input_reader.external_input_reader": .instead("TFRecords only"),
        "train_input_reader.shuffle": .same("true", else: "images are shuffled every epoch"),
        "train_input_reader.num_epochs": .same("0", else: "num_steps decides how long the training is"),
        "train_input_reader.sample_1_of_n_examples": .same("1", else: "all examples are learnt from"),
        "train_input_reader.sample_from_datasets_weights": .instead("all records are learnt from alike"),
        "train_input_reader.max_number_of_boxes": .instead("all boxes of an image are learnt from"),
        "train_input_reader.use_display_name": .same("false", else: "classes go by their name"),
        "train_input_reader.num_additional_channels": .same("0", else: "one channel"),
        "train_input_reader.num_keypoints": .same("0", else: "boxes only, no key points"),
        "train_input_reader.keypoint_type_weight": .instead("boxes only, no key points"),
        "train_input_reader.use_keypoint_label_map": .same("false", else: "boxes only, no key points"),
        "train_input_reader.load_keypoint_depth_features": .same("false", else: "boxes only, no key points"),
        "train_input_reader.load_instance_masks": .same("false", else: "boxes only, no masks"),
        "train_input_reader.mask_type": .instead("boxes only, no masks"),
        "train_input_reader.load_dense_pose": .same("false", else: "boxes only"),
        "train_input_reader.load_track_id": .same("false", else: "boxes only"),
        "train_input_reader.load_multiclass_scores": .same("false", else: "a box has one class"),
        "train_input_reader.load_context_features": .same("false", else: "each image is learnt alone"),
        "train_input_reader.load_context_image_ids": .same("false", else: "each image is learnt alone"),
        "train_input_reader.input_type": .same("tf_example", else: "tf.train.Example only"),
        "train_input_reader.frame_index": .instead("tf.train.Example only"),
        "train_input_reader.expand_labels_hierarchy": .same("false", else: "labels stay as the records have them"),

        // What is no training.
        "eval_config": .instead("pleura evaluate measures, after the training"),
        "eval_input_reader": .instead("not read while training; pleura evaluate measures, after it"),
        "graph_rewriter": .instead("no quantisation while learning; the finished weights are stored with 16 bits"),
    ]
}
