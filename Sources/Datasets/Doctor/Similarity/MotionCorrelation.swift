/// How far what changes in one clip changes in another as well.
package struct MotionCorrelation {
    /// The largest correlation over all shifts in time, -1...1.
    package let best: Double
    /// How many steps later the second clip shows the same.
    package let shift: Int

    /// The share of the shorter clip for which both must overlap.
    static let overlap = 0.6

    package init(_ first: ClipSignature, _ second: ClipSignature, _ symmetry: ClipMatch.Symmetry) {
        let step = max(first.step, second.step)
        let one = Pictures(SignatureSummary.levelled(first.levels(at: step)), .same)
        let other = Pictures(SignatureSummary.levelled(second.levels(at: step)), symmetry)
        let shorter = min(one.count, other.count)
        // Two pictures always correlate somehow.
        let least = min(shorter, max(4, Int((Double(shorter) * Self.overlap).rounded(.up))))
        var (best, shift) = (-1.0, 0)
        for lag in (least - one.count)...max(least - one.count, other.count - least) {
            let value = one.correlation(other, lag: lag)
            if value > best { (best, shift) = (value, lag) }
        }
        self.best = best
        self.shift = shift
    }

    /// Pictures as eights of numbers, with running sums, so that a mean over any stretch of them is at hand.
    private struct Pictures {
        let count: Int
        private var values: [SIMD8<Float>] = []
        private var sums: [SIMD8<Float>]
        private var squares: [Float] = [0]

        init(_ levels: [Float], _ symmetry: ClipMatch.Symmetry) {
            let cells = ClipSignature.cells
            count = levels.count / cells
            sums = [SIMD8<Float>](repeating: .zero, count: 8)
            for picture in 0..<count {
                var square: Float = 0
                for eighth in 0..<8 {
                    var value = SIMD8<Float>.zero
                    for lane in 0..<8 { value[lane] = levels[picture * cells + symmetry.place(eighth * 8 + lane)] }
                    values.append(value)
                    sums.append(sums[picture * 8 + eighth] + value)
                    square += (value * value).sum()
                }
                squares.append(squares[picture] + square)
            }
        }

        /// The correlation of this one's pictures with those `lag` steps later in `other`, each less its own mean over
        /// the stretch that both have.
        func correlation(_ other: Pictures, lag: Int) -> Double {
            let start = max(0, -lag)
            let end = min(count, other.count - lag)
            guard end - start > 0 else { return -1 }
            let mine = values.span
            let theirs = other.values.span
            var product = SIMD8<Float>.zero
            for index in start * 8..<end * 8 { product.addProduct(mine[index], theirs[index + lag * 8]) }
            var (means, own, others) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
            for eighth in 0..<8 {
                let a = sums[end * 8 + eighth] - sums[start * 8 + eighth]
                let b = other.sums[(end + lag) * 8 + eighth] - other.sums[(start + lag) * 8 + eighth]
                means.addProduct(a, b)
                own.addProduct(a, a)
                others.addProduct(b, b)
            }
            let stretch = Float(end - start)
            let covariance = product.sum() - means.sum() / stretch
            let variance = squares[end] - squares[start] - own.sum() / stretch
            let otherVariance = other.squares[end + lag] - other.squares[start + lag] - others.sum() / stretch
            // A stretch in which nothing happens says nothing: a quarter of a level on average.
            let least = 0.06 * Float(ClipSignature.cells) * stretch
            guard variance > least, otherVariance > least else { return -1 }
            return Double(covariance / (variance * otherVariance).squareRoot())
        }
    }
}
