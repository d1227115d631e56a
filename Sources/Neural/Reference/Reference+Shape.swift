extension Reference {
    static func transpose(_ x: ReferenceTensor, _ permutation: [Int], _ shape: Shape) -> ReferenceTensor {
        let strides = x.shape.strides
        return gather(x, shape, steps: permutation.map { strides[$0] })
    }

    static func slice(_ x: ReferenceTensor, _ starts: [Int], _ shape: Shape) -> ReferenceTensor {
        gather(x, shape, steps: x.shape.strides, start: offset(starts, in: x.shape))
    }

    static func broadcast(_ x: ReferenceTensor, _ shape: Shape) -> ReferenceTensor {
        guard x.shape != shape else { return x }
        return ReferenceTensor(shape, x.shape.broadcastOffsets(to: shape).map { x.values[$0] })
    }

    static func pad(_ x: ReferenceTensor, _ starts: [Int], _ shape: Shape) -> ReferenceTensor {
        var y = ReferenceTensor(shape)
        place(x, starts, into: &y)
        return y
    }

    static func concatenate(_ parts: [ReferenceTensor], _ axis: Int, _ shape: Shape) -> ReferenceTensor {
        var y = ReferenceTensor(shape)
        var starts = [Int](repeating: 0, count: shape.rank)
        for part in parts {
            place(part, starts, into: &y)
            starts[axis] += part.shape[axis]
        }
        return y
    }

    private static func gather(
        _ x: ReferenceTensor, _ shape: Shape, steps: [Int], start: Int = 0
    ) -> ReferenceTensor {
        ReferenceTensor(shape, shape.offsets(steps: steps, start: start).map { x.values[$0] })
    }

    private static func place(_ x: ReferenceTensor, _ starts: [Int], into y: inout ReferenceTensor) {
        let targets = x.shape.offsets(steps: y.shape.strides, start: offset(starts, in: y.shape))
        for (value, target) in zip(x.values, targets) { y.values[target] = value }
    }

    private static func offset(_ index: [Int], in shape: Shape) -> Int {
        zip(index, shape.strides).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
