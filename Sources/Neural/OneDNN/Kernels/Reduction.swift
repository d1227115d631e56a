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

    /// What is split among threads: rows, or blocks, or the columns of the only block.
    var parts: Int { outer > 1 || inner == 1 ? outer : inner }
    /// Parts that are worth a thread of their own.
    var grain: Int { inner == 1 ? max(1, 4096 / max(count, 1)) : outer > 1 ? 1 : 16 }

    /// Parts `range` of `y[outer, inner]` from `x[outer, count, inner]`, the sum times `scale`, or the maximum.
    func run(
        _ range: Range<Int>, _ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>, maximum: Bool,
        scale: Float
    ) {
        if inner == 1 {
            for row in range {
                let x = unsafe UnsafePointer(x + row * count)
                unsafe y[row] = unsafe maximum ? Self.maximum(x, count) : Self.sum(x, count) * scale
            }
        } else if outer > 1 {
            for block in range {
                unsafe rows(x + block * count * inner, y + block * inner, 0..<inner, maximum, scale)
            }
        } else {
            unsafe rows(x, y, range, maximum, scale)
        }
    }

    private func rows(
        _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ columns: Range<Int>, _ maximum: Bool,
        _ scale: Float
    ) {
        guard !maximum else {
            for i in columns { unsafe y[i] = unsafe x[i] }
            for row in 1..<max(count, 1) {
                let x = unsafe x + row * inner
                for i in columns { unsafe y[i] = unsafe x[i].isNaN ? x[i] : max(y[i], x[i]) }
            }
            return
        }
        // Few columns at a time: the sums on the way stay in a register or two, and on the stack.
        for start in stride(from: columns.lowerBound, to: columns.upperBound, by: Self.width) {
            unsafe sums(x + start, y + start, min(Self.width, columns.upperBound - start), scale)
        }
    }

    /// Columns that are summed side by side.
    private static let width = 64

    private func sums(
        _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ columns: Int, _ scale: Float
    ) {
        unsafe y.update(repeating: 0, count: columns)
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.width) { partial in
            for start in stride(from: 0, to: count, by: Self.batch) {
                unsafe partial.initialize(repeating: 0)
                for row in start..<min(count, start + Self.batch) {
                    let x = unsafe x + row * inner
                    for i in 0..<columns { unsafe partial[i] += x[i] }
                }
                for i in 0..<columns { unsafe y[i] += partial[i] }
            }
        }
        for i in 0..<columns { unsafe y[i] *= scale }
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
