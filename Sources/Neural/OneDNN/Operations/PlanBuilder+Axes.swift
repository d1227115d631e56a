internal import COneDNN

extension PlanBuilder {
    /// `a, b, [bias]` → `y`. A transposed operand is the same memory with its strides exchanged.
    func matmul(_ node: Int, _ transposeA: Bool, _ transposeB: Bool) throws {
        let inputs = operands(node)
        func operand(_ value: Graph.Value, transposed: Bool) throws -> MemoryDescriptor {
            var (d, s) = (graph.shape(value).dimensions, graph.shape(value).strides)
            if transposed {
                d.swapAt(d.count - 1, d.count - 2)
                s.swapAt(s.count - 1, s.count - 2)
            }
            return try MemoryDescriptor(d, strides: s)
        }
        let (a, b) = (try operand(inputs[0], transposed: transposeA), try operand(inputs[1], transposed: transposeB))
        let y = try plainDescriptor(result(node), .rows)
        var bias: MemoryDescriptor?
        if inputs.count > 2 {
            let rank = graph.shape(result(node)).rank
            let columns = graph.shape(inputs[2])[0]
            let sizes = [Int](repeating: 1, count: rank - 1) + [columns]
            bias = try MemoryDescriptor(sizes, strides: Shape(sizes).strides)
        }
        let primitive = try Primitive(label(node)) {
            unsafe sdnn_matmul(&$0, a.handle, b.handle, bias?.handle, y.handle)
        }
        var reads = [(ArgumentName.source, try plain(inputs[0]), a), (.weights, try plain(inputs[1]), b)]
        if let bias { reads.append((.bias, try plain(inputs[2]), bias)) }
        try emit(primitive, reads: reads, writes: [(.destination, try makePlain(result(node)), y)], for: node)
    }

    func softmax(_ node: Int, _ logarithm: Bool) throws {
        let (x, y) = (operands(node)[0], result(node))
        let layout = try lastAxis(x)
        let primitive = try Primitive(label(node)) {
            unsafe sdnn_softmax_forward(&$0, logarithm ? 1 : 0, layout.handle, 1)
        }
        try emit(
            primitive, reads: [(.source, try plain(x), layout)], writes: [(.destination, try makePlain(y), layout)],
            for: node)
    }

    func softmaxGradient(_ node: Int, _ logarithm: Bool) throws {
        let (y, dy, dx) = (operands(node)[0], operands(node)[1], result(node))
        let layout = try lastAxis(y)
        let primitive = try Primitive(label(node)) {
            unsafe sdnn_softmax_backward(&$0, logarithm ? 1 : 0, layout.handle, 1)
        }
        try emit(
            primitive, reads: [(.destination, try plain(y), layout), (.destinationGradient, try plain(dy), layout)],
            writes: [(.sourceGradient, try makePlain(dx), layout)], for: node)
    }

    private func lastAxis(_ value: Graph.Value) throws -> MemoryDescriptor {
        let columns = graph.shape(value).dimensions.last ?? 1
        return try matrix(graph.shape(value).elementCount / max(columns, 1), columns)
    }

    func reduce(_ node: Int, _ reduction: Reduction, _ axes: [Int]) throws {
        let (x, y) = (operands(node)[0], result(node))
        let shape = graph.shape(x)
        let count = axes.map { shape[$0] }.reduce(1, *)
        if shape.rank == 4, axes == [1, 2] {
            if reduction != .maximum, try sumImage(node, scale: reduction == .mean ? 1 / Float(count) : 1) { return }
            if preferred([x])?.type == .float32 { return try reduceImage(node, reduction) }
        }
        let passes = RowReduction.passes(shape, axes)
        let input = try plain(x)
        let output = try makePlain(y)
        guard !passes.isEmpty else {
            emit(reads: [input], writes: [output], for: node) {
                unsafe output.floats.update(from: input.floats, count: shape.elementCount)
            }
            return
        }
        var source = input
        for (index, pass) in passes.enumerated() {
            let isLast = index == passes.count - 1
            let from = source
            let to = isLast ? output : buffer(pass.outer * pass.inner * 4, for: node)
            let scale = reduction == .mean && isLast ? 1 / Float(count) : 1
            emit(reads: [from], writes: [to], for: node, parallel: pass.parts, grain: pass.grain) {
                unsafe pass.run($0, from.floats, into: to.floats, maximum: reduction == .maximum, scale: scale)
            }
            source = to
        }
    }

    /// The sum of a whole image for each channel, times `scale`, by our own kernel.
    /// - Returns: whether there is one.
    private func sumImage(_ node: Int, scale: Float) throws -> Bool {
        let form = try image(operands(node)[0])
        guard let kernel = ImageSum(form.descriptor, scale: scale) else { return false }
        let output = try makePlain(result(node))
        emit(reads: [form.buffer], writes: [output], for: node, parallel: kernel.count, grain: kernel.grain) {
            unsafe kernel.run($0, form.buffer.pointer, into: output.floats)
        }
        return true
    }

    /// The mean, sum or maximum of a whole image for each channel is a pooling over it, in the image's own layout.
    private func reduceImage(_ node: Int, _ reduction: Reduction) throws {
        let (x, y) = (operands(node)[0], result(node))
        let form = try image(x)
        let size = Pair(height: graph.shape(x)[1], width: graph.shape(x)[2])
        let pooling = Pooling(kind: reduction == .maximum ? .maximum : .average, kernel: size, stride: size)
        let (batch, channels) = (graph.shape(x)[0], graph.shape(x)[3])
        let pooled = try MemoryDescriptor([batch, channels, 1, 1], strides: nil)
        let primitive = try poolingForward(pooling, training: false, form.descriptor, pooled, label(node))
        let layout = try primitive.descriptor(.destination)
        let temporary = buffer(layout.byteCount, for: node)
        try emit(
            primitive, reads: [(.source, form.buffer, form.descriptor)], writes: [(.destination, temporary, layout)],
            for: node)
        let target = try MemoryDescriptor([batch, channels, 1, 1], strides: [channels, 1, channels, channels])
        let output = try makePlain(y)
        let reorder = try Primitive(label(node)) { unsafe sdnn_reorder(&$0, layout.handle, target.handle, 1, 0) }
        try emit(
            reorder, reads: [(.source, temporary, layout)], writes: [(.destination, output, target)], for: node)
        if reduction == .sum {
            let scale = Unary.linear(scale: Float(size.height * size.width), shift: 0).code
            try function(scale, output, into: output, vector(batch * channels), for: node)
        }
    }

    /// `x, y, dy` → `dx`: `dy` shared among the elements that are the maximum.
    func maximumGradient(_ node: Int, _ axes: [Int]) throws {
        let inputs = operands(node)
        let shape = graph.shape(inputs[0])
        var kept = shape
        for axis in axes { kept.dimensions[axis] = 1 }
        let loop = StridedLoop(shape.dimensions, [kept.strides(broadcastTo: shape)])
        let (x, y, dy) = (try plain(inputs[0]), try plain(inputs[1]), try plain(inputs[2]))
        let ties = buffer(kept.elementCount * 4, for: node)
        let output = try makePlain(result(node))
        emit(reads: [x, y, dy], writes: [output, ties], for: node) {
            let (x, y, dy, dx, ties) = unsafe (x.floats, y.floats, dy.floats, output.floats, ties.floats)
            unsafe ties.update(repeating: 0, count: kept.elementCount)
            let (width, step) = (loop.width, loop.step(0))
            for row in 0..<loop.rowCount {
                let offset = loop.offset(0, row: row)
                for i in 0..<width where unsafe x[row * width + i] == y[offset + i * step] {
                    unsafe ties[offset + i * step] += 1
                }
            }
            for row in 0..<loop.rowCount {
                let offset = loop.offset(0, row: row)
                for i in 0..<width {
                    let j = offset + i * step
                    unsafe dx[row * width + i] = unsafe x[row * width + i] == y[j] ? dy[j] / ties[j] : 0
                }
            }
        }
    }
}
