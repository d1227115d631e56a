/// A tensor as `outer` blocks of `count` rows of `inner` numbers, of which the rows become one.
struct RowReduction {
    let outer: Int
    let count: Int
    let inner: Int

    /// Splits the reduction of `axes` into runs of neighbouring axes, the last first.
    static func passes(_ shape: Shape, _ axes: [Int]) -> [RowReduction] {
        var sizes = shape.dimensions
        var passes: [RowReduction] = []
        var end = axes.count
        while end > 0 {
            var start = end - 1
            while start > 0, axes[start - 1] == axes[start] - 1 { start -= 1 }
            let run = axes[start]...axes[end - 1]
            passes.append(
                RowReduction(
                    outer: sizes[..<run.lowerBound].reduce(1, *), count: sizes[run].reduce(1, *),
                    inner: sizes[(run.upperBound + 1)...].reduce(1, *)))
            for axis in run { sizes[axis] = 1 }
            end = start
        }
        return passes
    }

    /// Rows whose sum is taken before it is added to the total, which keeps rounding errors small.
    private static let batch = 128

    /// `y[outer, inner]` from `x[outer, count, inner]`, the sum times `scale`, or the maximum.
    func run(
        _ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>, maximum: Bool, scale: Float
    ) {
        if inner == 1 {
            parallel(outer, grain: max(1, 4096 / count)) { range in
                for row in range {
                    let x = unsafe UnsafePointer(x + row * count)
                    unsafe y[row] = unsafe maximum ? Self.maximum(x, count) : Self.sum(x, count) * scale
                }
            }
        } else if outer > 1 {
            parallel(outer) { range in
                for block in range {
                    unsafe rows(x + block * count * inner, y + block * inner, 0..<inner, maximum, scale)
                }
            }
        } else {
            parallel(inner, grain: 16) { unsafe rows(x, y, $0, maximum, scale) }
        }
    }

    private func rows(
        _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ columns: Range<Int>, _ maximum: Bool,
        _ scale: Float
    ) {
        if maximum {
            for i in columns { unsafe y[i] = unsafe x[i] }
            for row in 1..<max(count, 1) {
                let x = unsafe x + row * inner
                for i in columns { unsafe y[i] = unsafe x[i].isNaN ? x[i] : max(y[i], x[i]) }
            }
            return
        }
        var partial = [Float](repeating: 0, count: columns.count)
        for i in columns { unsafe y[i] = 0 }
        for start in stride(from: 0, to: count, by: Self.batch) {
            for i in partial.indices { partial[i] = 0 }
            for row in start..<min(count, start + Self.batch) {
                let x = unsafe x + row * inner + columns.lowerBound
                for i in partial.indices { partial[i] += unsafe x[i] }
            }
            for i in columns { unsafe y[i] += partial[i - columns.lowerBound] }
        }
        for i in columns { unsafe y[i] *= scale }
    }

    private static func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
        var total: Float = 0
        for start in stride(from: 0, to: count, by: batch * 8) {
            let end = min(count, start + batch * 8)
            var lanes = SIMD8<Float>()
            var i = start
            while i + 8 <= end {
                var next = SIMD8<Float>()
                for lane in 0..<8 { next[lane] = unsafe x[i + lane] }
                lanes += next
                i += 8
            }
            var part = lanes.sum()
            while i < end {
                part += unsafe x[i]
                i += 1
            }
            total += part
        }
        return total
    }

    private static func maximum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
        var best = unsafe x[0]
        for i in 0..<count {
            let value = unsafe x[i]
            if value > best || value.isNaN { best = value }
        }
        return best
    }
}
