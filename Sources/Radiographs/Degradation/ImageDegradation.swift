import Basics
import Foundation

/// A film as it comes from a bad day: noise, blur, another exposure, another maker's curve, a poor copy, inverted, turned, in a frame. Simulated from
/// a good film, so that its boxes are known, and the same for the same seed.
public struct ImageDegradation: Hashable, Sendable {
    public enum Kind: String, Codable, CaseIterable, Hashable, Sendable {
        /// Quantum noise: its deviation grows with the root of the grey.
        case noise
        /// A Gaussian, its sigma a share of the longer side.
        case blur
        /// First too little (dark, few steps, more noise), then too much (bright, cut off).
        case exposure
        /// First a curve that lifts the dark, then one that pulls dark and bright apart.
        case curve
        /// A JPEG of low quality.
        case jpeg
        case inversion
        /// First by 90 degrees clockwise, then by 180.
        case turning
        /// Black on all sides.
        case borders
    }

    public var kind: Kind
    /// 1 or 2.
    public var strength: Int

    public init(_ kind: Kind, strength: Int) { (self.kind, self.strength) = (kind, min(max(strength, 1), 2)) }

    /// Each kind at both strengths.
    public static let all = Kind.allCases.flatMap { kind in (1...2).map { ImageDegradation(kind, strength: $0) } }

    /// The film and where it lies in the good one: boxes go back by `frame.boxInOriginal`.
    /// - Parameters:
    ///   - seed: Of the noise.
    /// - Throws: `RadiographError` where the copy cannot be made.
    public func applied(to image: PixelImage, seed: UInt64) throws -> (image: PixelImage, frame: MendedFrame) {
        var frame = MendedFrame(
            x: 0, y: 0, width: image.width, height: image.height, quarterTurns: 0, imageWidth: image.width, imageHeight: image.height)
        let isStrong = strength == 2
        switch kind {
        case .noise: return (Self.noisy(image, deviation: isStrong ? 0.16 : 0.06, seed: seed), frame)
        case .blur:
            return (Self.blurred(image, sigma: Double(max(image.width, image.height)) * (isStrong ? 0.008 : 0.003)), frame)
        case .exposure:
            guard !isStrong else { return (image.regraded { min(1, 1.7 * $0) }, frame) }
            return (Self.noisy(image.regraded { (0.3 * $0 * 40).rounded() / 40 }, deviation: 0.03, seed: seed), frame)
        case .curve:
            // A logistic curve about the middle, brought to 0...1.
            func logistic(_ grey: Double) -> Double { 1 / (1 + exp(-9 * (grey - 0.5))) }
            let (low, high) = (logistic(0), logistic(1))
            return (image.regraded { isStrong ? (logistic($0) - low) / (high - low) : pow($0, 0.5) }, frame)
        case .jpeg:
            let copy = try image.jpegThumbnail(maximumSide: max(image.width, image.height), quality: isStrong ? 4 : 15)
            return (try JPEGDecoder().decode(copy, frame: 1, limits: DecodingLimits()).pixels, frame)
        case .inversion: return (isStrong ? image.inverted().regraded { pow($0, 0.7) } : image.inverted(), frame)
        case .turning:
            frame = MendedFrame(
                x: 0, y: 0, width: image.width, height: image.height, quarterTurns: isStrong ? 2 : 1, imageWidth: image.width,
                imageHeight: image.height)
            return (image.turned(quarterTurns: frame.quarterTurns), frame)
        case .borders:
            let margin = Int(Double(min(image.width, image.height)) * (isStrong ? 0.25 : 0.1))
            frame = MendedFrame(
                x: -margin, y: -margin, width: image.width + 2 * margin, height: image.height + 2 * margin, quarterTurns: 0,
                imageWidth: image.width, imageHeight: image.height)
            return (image.framed(margin), frame)
        }
    }

    private static func noisy(_ image: PixelImage, deviation: Double, seed: UInt64) -> PixelImage {
        var random = SeededGenerator(seed: seed)
        let top = Double(image.maximum)
        // Two normal numbers at a time (Box and Muller, Ann Math Stat 1958).
        var spare: Double?
        func normal() -> Double {
            if let value = spare {
                spare = nil
                return value
            }
            let (radius, angle) = ((-2 * log(1 - random.uniform())).squareRoot(), 2 * Double.pi * random.uniform())
            spare = radius * sin(angle)
            return radius * cos(angle)
        }
        let samples = image.samples.map { sample in
            let grey = Double(sample) / top
            return UInt16((min(max(grey + deviation * (0.1 + grey).squareRoot() * normal(), 0), 1) * top).rounded())
        }
        return PixelImage(width: image.width, height: image.height, bits: image.bits, samples: samples)
    }

    /// Rows, then columns; past the edge the edge's pixels are repeated.
    private static func blurred(_ image: PixelImage, sigma: Double) -> PixelImage {
        let reach = max(1, Int((3 * sigma).rounded(.up)))
        let raw = (-reach...reach).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
        let kernel = raw.map { Float($0 / raw.reduce(0, +)) }
        let (width, height) = (image.width, image.height)
        let source = image.samples.map(Float.init)
        var (between, result) = (source, source)
        between.withUnsafeMutableBufferPointer { between in
            for row in 0..<height {
                for column in 0..<width {
                    var sum: Float = 0
                    for (tap, weight) in kernel.enumerated() {
                        sum += weight * source[row * width + min(max(column + tap - reach, 0), width - 1)]
                    }
                    between[row * width + column] = sum
                }
            }
        }
        result.withUnsafeMutableBufferPointer { result in
            for row in 0..<height {
                for column in 0..<width { result[row * width + column] = 0 }
                for (tap, weight) in kernel.enumerated() {
                    let other = min(max(row + tap - reach, 0), height - 1) * width
                    for column in 0..<width { result[row * width + column] += weight * between[other + column] }
                }
            }
        }
        let top = Float(image.maximum)
        return PixelImage(
            width: width, height: height, bits: image.bits, samples: result.map { UInt16(min(max($0.rounded(), 0), top)) })
    }
}

extension PixelImage {
    /// Every grey by a curve of 0...1.
    func regraded(_ curve: (Double) -> Double) -> PixelImage {
        let top = Double(maximum)
        return mapped((0...maximum).map { UInt16((min(max(curve(Double($0) / top), 0), 1) * top).rounded()) })
    }

    /// The picture with black around it.
    func framed(_ margin: Int) -> PixelImage {
        let wide = width + 2 * margin
        var framed = [UInt16](repeating: 0, count: wide * (height + 2 * margin))
        for row in 0..<height {
            let start = (row + margin) * wide + margin
            framed.replaceSubrange(start..<start + width, with: samples[row * width..<(row + 1) * width])
        }
        return PixelImage(width: wide, height: height + 2 * margin, bits: bits, samples: framed)
    }
}
