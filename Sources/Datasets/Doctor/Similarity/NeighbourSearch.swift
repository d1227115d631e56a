internal import Dispatch
internal import Foundation
internal import Synchronization

/// The nearest neighbours of vectors by their dot products, over all pairs in blocks.
///
/// Cost: `n * n * length / cores` multiplications, eight at a time, and `most` neighbours of memory for each vector:
/// 10,000 vectors of 128 numbers take some seconds on two cores.
package struct NeighbourSearch {
    /// Two vectors, the smaller position first, with their product.
    package struct Pair: Hashable {
        package var first: Int
        package var second: Int
        package var product: Float
        /// Which signs of the four parts it was found with.
        package var signs: Int
    }

    /// Signs of the four parts of a vector, for each way to compare two.
    package typealias Signs = SIMD4<Float>

    private let rows: [SIMD8<Float>]
    private let count: Int
    private let eighths: Int
    private let isThere: [Bool]

    /// - Parameter vectors: all of one length, a multiple of 32; nil takes no part.
    package init(_ vectors: [[Float]?]) {
        count = vectors.count
        let length = vectors.lazy.compactMap(\.self).first?.count ?? 32
        // Four parts of whole eights each.
        eighths = (length + 31) / 32 * 4
        isThere = vectors.map { $0 != nil }
        var rows = [SIMD8<Float>](repeating: .zero, count: count * eighths)
        for (index, vector) in vectors.enumerated() {
            for (place, value) in (vector ?? []).enumerated() where place < eighths * 8 {
                rows[index * eighths + place / 8][place % 8] = value
            }
        }
        self.rows = rows
    }

    /// Pairs of which one is among the `most` nearest of the other, with a product of `threshold` at least.
    /// - Parameter signs: ways to compare: the best one counts. With one way, all parts are simply added up.
    package func pairs(over threshold: Float, most: Int, signs: [Signs] = [Signs(repeating: 1)]) -> [Pair] {
        let found = Mutex<Set<Pair>>([])
        let block = 16
        DispatchQueue.concurrentPerform(iterations: (count + block - 1) / block) { number in
            var mine: [Pair] = []
            for row in number * block..<min(count, (number + 1) * block) where isThere[row] {
                mine += neighbours(of: row, over: threshold, most: most, signs: signs)
            }
            found.withLock { $0.formUnion(mine) }
        }
        return found.withLock { $0 }.sorted { ($0.first, $0.second, $0.signs) < ($1.first, $1.second, $1.signs) }
    }

    private func neighbours(of row: Int, over threshold: Float, most: Int, signs: [Signs]) -> [Pair] {
        var best: [Pair] = []
        let rows = rows.span
        let (start, part) = (row * eighths, eighths / 4)
        for other in 0..<count where other != row && isThere[other] {
            var parts = Signs.zero
            let place = other * eighths
            for quarter in 0..<4 {
                var sum = SIMD8<Float>.zero
                for index in quarter * part..<(quarter + 1) * part {
                    sum.addProduct(rows[start + index], rows[place + index])
                }
                parts[quarter] = sum.sum()
            }
            for (number, sign) in signs.enumerated() {
                let product = (parts * sign).sum()
                guard product >= threshold else { continue }
                best.append(
                    Pair(first: min(row, other), second: max(row, other), product: product, signs: number))
            }
            if best.count >= 4 * most + 64 { best = Self.nearest(best, most) }
        }
        return Self.nearest(best, most)
    }

    private static func nearest(_ pairs: [Pair], _ most: Int) -> [Pair] {
        guard pairs.count > most else { return pairs }
        let ordered = pairs.sorted { ($1.product, $0.first, $0.second) < ($0.product, $1.first, $1.second) }
        return Array(ordered.prefix(most))
    }
}
