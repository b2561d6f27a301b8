extension ClassMatches {
    init(_ columns: ClassColumns, classIndex: Int, imageCount: Int) {
        let found = columns.detections.start[classIndex]..<columns.detections.start[classIndex + 1]
        let drawn = columns.truth.start[classIndex]..<columns.truth.start[classIndex + 1]
        truthImage = Array(columns.truth.image[drawn])
        truthSource = Array(columns.truth.source[drawn])
        truthIsCrowd = Array(columns.truth.isCrowd[drawn])
        truthRanges = drawn.map { columns.truth.isCrowd[$0] ? 0 : AreaRange.bits(columns.truth.area[$0]) }

        let order = ScoreOrder.byFallingScore(columns.detections.score[found])
        score = order.map { columns.detections.score[found.lowerBound + Int($0)] }
        image = order.map { columns.detections.image[found.lowerBound + Int($0)] }
        source = order.map { columns.detections.source[found.lowerBound + Int($0)] }
        rank = Self.ranks(image, imageCount: imageCount)
        ranges = zip(order, rank).map { position, rank in
            rank < Self.detectionLimit ? AreaRange.bits(columns.detections.place[found.lowerBound + Int(position)].area) : 0
        }
        (overlapping, overlapStart, overlaps) = ([], [0], [])
        (matches, matchStart, vinBigData) = ([], [0], [])
        overlap(columns, found: found.lowerBound, order: order, drawn: drawn, imageCount: imageCount)
        match()
        vinBigData = firstComeMatches(at: 0.4)
    }

    /// Which of the detections on its image each is, counted from 0 in the given order.
    private static func ranks(_ image: [Int32], imageCount: Int) -> [Int32] {
        var seen = [Int32](repeating: 0, count: imageCount)
        return image.map { image in
            defer { seen[Int(image)] += 1 }
            return seen[Int(image)]
        }
    }

    /// Every pair that shares an area.
    private mutating func overlap(_ columns: ClassColumns, found: Int, order: [Int32], drawn: Range<Int>, imageCount: Int) {
        guard !drawn.isEmpty else { return }
        // Where the truth of each image begins; the truth is in the order of the images.
        var start = [Int32](repeating: 0, count: imageCount + 1)
        for image in truthImage { start[Int(image) + 1] += 1 }
        for image in 0..<imageCount { start[image + 1] += start[image] }

        columns.detections.place.withUnsafeBufferPointer { detected in
            columns.truth.place.withUnsafeBufferPointer { places in
                for (position, index) in order.enumerated() {
                    let image = Int(image[position])
                    let detection = detected[found + Int(index)]
                    let before = overlaps.count
                    for truth in Int(start[image])..<Int(start[image + 1]) {
                        let place = places[drawn.lowerBound + truth]
                        let common = detection.intersection(place)
                        guard common > 0 else { continue }
                        let ofDetected = common / detection.area
                        let ofUnion = truthIsCrowd[truth] ? ofDetected : common / (detection.area + place.area - common)
                        overlaps.append(
                            Overlap(
                                truth: Int32(truncatingIfNeeded: truth), intersectionOverUnion: ofUnion,
                                intersectionOverDetected: ofDetected))
                    }
                    if overlaps.count > before {
                        overlapping.append(Int32(truncatingIfNeeded: position))
                        overlapStart.append(Int32(truncatingIfNeeded: overlaps.count))
                    }
                }
            }
        }
    }
}
