extension Shape {
    /// Strides with which a tensor of this shape is read as one of `shape`: 0 along axes that repeat.
    func strides(broadcastTo shape: Shape) -> [Int] {
        let own = strides
        let missing = shape.rank - rank
        return (0..<shape.rank).map { axis in
            axis < missing || dimensions[axis - missing] == 1 ? 0 : own[axis - missing]
        }
    }
}

/// A loop over a dense result whose operands have strides of their own, with neighbouring axes merged where they can be.
struct StridedLoop {
    /// Sizes of the merged axes; the last is walked innermost.
    let dimensions: [Int]
    /// For each operand, its strides along the merged axes.
    let strides: [[Int]]

    init(_ dimensions: [Int], _ strides: [[Int]]) {
        var sizes: [Int] = []
        var steps = [[Int]](repeating: [], count: strides.count)
        for axis in dimensions.indices where dimensions[axis] != 1 {
            let size = dimensions[axis]
            if let last = sizes.last,
                strides.indices.allSatisfy({ (steps[$0].last ?? 0) == strides[$0][axis] * size })
            {
                sizes[sizes.count - 1] = last * size
                for k in strides.indices { steps[k][steps[k].count - 1] = strides[k][axis] }
            } else {
                sizes.append(size)
                for k in strides.indices { steps[k].append(strides[k][axis]) }
            }
        }
        self.dimensions = sizes.isEmpty ? [1] : sizes
        self.strides = sizes.isEmpty ? steps.map { _ in [1] } : steps
    }

    /// Elements of the innermost axis, and how many rows of them there are.
    var width: Int { dimensions[dimensions.count - 1] }
    var rowCount: Int { dimensions.dropLast().reduce(1, *) }
    /// Stride of operand `k` along the innermost axis.
    func step(_ k: Int) -> Int { strides[k][dimensions.count - 1] }

    /// Where row `row` of operand `k` begins.
    func offset(_ k: Int, row: Int) -> Int {
        var (rest, offset) = (row, 0)
        for axis in stride(from: dimensions.count - 2, through: 0, by: -1) {
            offset += rest % dimensions[axis] * strides[k][axis]
            rest /= dimensions[axis]
        }
        return offset
    }

    /// `y = a ∘ b`
    func run(
        _ y: UnsafeMutablePointer<Float>, _ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>,
        _ function: Binary
    ) {
        let (width, stepA, stepB) = (width, step(0), step(1))
        parallel(rowCount, grain: max(1, 4096 / width)) { rows in
            for row in rows {
                let (y, a, b) = unsafe (y + row * width, a + offset(0, row: row), b + offset(1, row: row))
                switch function {
                case .add: for i in 0..<width { unsafe y[i] = unsafe a[i * stepA] + b[i * stepB] }
                case .subtract: for i in 0..<width { unsafe y[i] = unsafe a[i * stepA] - b[i * stepB] }
                case .multiply: for i in 0..<width { unsafe y[i] = unsafe a[i * stepA] * b[i * stepB] }
                }
            }
        }
    }

    /// `y = a`
    func copy(_ y: UnsafeMutablePointer<Float>, _ a: UnsafeMutablePointer<Float>) {
        let (width, step) = (width, step(0))
        parallel(rowCount, grain: max(1, 4096 / width)) { rows in
            for row in rows {
                let (y, a) = unsafe (y + row * width, a + offset(0, row: row))
                if step == 0 {
                    unsafe y.update(repeating: a[0], count: width)
                } else {
                    for i in 0..<width { unsafe y[i] = unsafe a[i * step] }
                }
            }
        }
    }
}
