import Basics
import Findings
import Foundation
import Synchronization

/// The endless row in which the pictures of a pool are shown: epoch after epoch, each as many places as there are pictures, shuffled anew.
///
/// With equal weights every epoch shows every picture once. Otherwise an epoch shows a picture as often as its weight says, rounded up or
/// down by chance (systematic sampling), so that over many epochs the shares are exact.
package final class EpochOrder: Sendable {
    /// How many pictures there are.
    package let count: Int
    private let weights: [Double]?
    private let streams: RandomStreams
    private let pool: UInt64
    /// Those asked for last.
    private let epochs = Mutex([UInt64: [UInt32]]())

    /// - Parameters:
    ///   - weights: One a picture, positive; `nil` where all are equal.
    ///   - pool: Tells the rows of several pools of one run apart.
    package init(count: Int, weights: [Double]?, streams: RandomStreams, pool: UInt64) {
        (self.count, self.weights, self.streams, self.pool) = (count, weights, streams, pool)
    }

    /// The picture at a place of the row; `nil` where there is none at all.
    package func picture(at place: Int) -> Int? {
        guard count > 0, place >= 0 else { return nil }
        let epoch = UInt64(place / count)
        return epochs.withLock { epochs in
            if let order = epochs[epoch] { return Int(order[place % count]) }
            let order = drawn(epoch)
            // Batches made at the same time may lie on both sides of an epoch's end.
            if epochs.count >= 3 { epochs = [:] }
            epochs[epoch] = order
            return Int(order[place % count])
        }
    }

    private func drawn(_ epoch: UInt64) -> [UInt32] {
        var generator = streams.generator(order: epoch, pool: pool)
        let shuffled = (0..<UInt32(count)).shuffled(using: &generator)
        guard let weights else { return shuffled }
        let all = weights.reduce(0, +)
        var (order, passed) = ([UInt32](), 0.0)
        order.reserveCapacity(count)
        // A comb of `count` teeth over the weights laid end to end in the shuffled order.
        let start = generator.uniform()
        for picture in shuffled {
            passed += weights[Int(picture)] / all * Double(count)
            while Double(order.count) + start < passed, order.count < count { order.append(picture) }
        }
        // Rounding may leave out the last tooth.
        while order.count < count, let last = shuffled.last { order.append(last) }
        return order.shuffled(using: &generator)
    }
}
