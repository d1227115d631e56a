internal import COneDNN

extension PlanBuilder {
    /// The same memory under another shape.
    func reshape(_ node: Int) throws { try definePlain(result(node), try plain(operands(node)[0])) }

    func transpose(_ node: Int, _ permutation: [Int]) throws {
        let (x, y) = (operands(node)[0], result(node))
        let strides = graph.shape(x).strides
        let sizes = graph.shape(y).dimensions
        let from = try MemoryDescriptor(
            sizes.isEmpty ? [1] : sizes, strides: sizes.isEmpty ? [1] : permutation.map { strides[$0] },
            type: StorageType(graph.type(x).elementType))
        try copy(plain(x), from, into: makePlain(y), plainDescriptor(y, .rows), for: node)
    }

    func concatenate(_ node: Int, _ axis: Int) throws {
        let y = result(node)
        let whole = try plainDescriptor(y, .rows)
        let output = try makePlain(y)
        var starts = [Int](repeating: 0, count: graph.shape(y).rank)
        for value in operands(node) {
            let part = try whole.part(graph.shape(value).dimensions, at: starts)
            try copy(plain(value), plainDescriptor(value, .rows), into: output, part, for: node)
            starts[axis] += graph.shape(value)[axis]
        }
    }

    func slice(_ node: Int, _ starts: [Int]) throws {
        let (x, y) = (operands(node)[0], result(node))
        let part = try plainDescriptor(x, .rows).part(graph.shape(y).dimensions, at: starts)
        try copy(plain(x), part, into: makePlain(y), plainDescriptor(y, .rows), for: node)
    }

    func pad(_ node: Int, _ starts: [Int]) throws {
        let (x, y) = (operands(node)[0], result(node))
        let part = try plainDescriptor(y, .rows).part(graph.shape(x).dimensions, at: starts)
        let input = try plain(x)
        let output = try makePlain(y)
        emit(reads: [], writes: [output], for: node) {
            unsafe output.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: output.byteCount)
        }
        try copy(input, plainDescriptor(x, .rows), into: output, part, for: node)
    }

    private func copy(
        _ input: PlanBuffer, _ from: MemoryDescriptor, into output: PlanBuffer, _ to: MemoryDescriptor, for node: Int
    ) throws {
        let primitive = try Primitive(label(node)) { unsafe sdnn_reorder(&$0, from.handle, to.handle, 1, 0) }
        try emit(primitive, reads: [(.source, input, from)], writes: [(.destination, output, to)], for: node)
    }

    /// One number everywhere, in whatever layout is wanted.
    func fill(_ node: Int, _ number: Float) {
        let y = result(node)
        wait(y) { [unowned self] wanted in
            // Where a layout pads its channels, the padding must be zero: a reorder sees to that.
            let fits = wanted?.byteCount == graph.type(y).byteCount && wanted?.type == .float32
            let output: PlanBuffer
            if let wanted, fits {
                output = buffer(wanted.byteCount, for: node)
                try define(y, output, wanted, .image)
            } else {
                output = try makePlain(y)
            }
            emit(reads: [], writes: [output], for: node) {
                unsafe output.floats.update(repeating: number, count: output.byteCount / 4)
            }
        }
    }

    /// Repetition. One number for each image and channel goes straight to the layout that is wanted.
    func broadcast(_ node: Int) {
        let (x, y) = (operands(node)[0], result(node))
        wait(y) { [unowned self] wanted in
            let (shape, input) = (graph.shape(y), try plain(x))
            let strides = graph.shape(x).strides(broadcastTo: shape)
            if let wanted, let layout = wanted.blocks, layout.block > 1, wanted.type == .float32, shape.rank == 4,
                strides[1] == 0,
                strides[2] == 0, shape[3] % layout.block == 0
            {
                let output = buffer(wanted.byteCount, for: node)
                try define(y, output, wanted, .image)
                let blocks = shape[3] / layout.block
                emit(reads: [input], writes: [output], for: node) {
                    let (from, to) = unsafe (input.floats, output.floats)
                    parallel(shape[0] * blocks) { range in
                        for index in range {
                            let (n, block) = (index / blocks, index % blocks)
                            let start = n * layout.strides[0] + block * layout.strides[1]
                            let source = unsafe from + n * strides[0] + block * layout.block * strides[3]
                            for h in 0..<shape[1] {
                                let row = unsafe to + start + h * layout.strides[2]
                                for w in 0..<shape[2] {
                                    let place = unsafe row + w * layout.strides[3]
                                    for c in 0..<layout.block { unsafe place[c] = unsafe source[c * strides[3]] }
                                }
                            }
                        }
                    }
                }
                return
            }
            let loop = StridedLoop(shape.dimensions, [strides])
            let output = try makePlain(y)
            emit(reads: [input], writes: [output], for: node) { unsafe loop.copy(output.floats, input.floats) }
        }
    }

    /// Bytes to floats, straight to the layout that the first convolution wants.
    func normalizeFrames(_ node: Int, _ scale: [Float], _ shift: [Float]) {
        let (x, y) = (operands(node)[0], result(node))
        wait(y) { [unowned self] wanted in
            let (shape, input) = (graph.shape(y), try plain(x))
            let output: PlanBuffer
            var strides = shape.strides
            var type = StorageType.float32
            if let wanted, let layout = wanted.blocks, layout.block == 1, shape.rank == 4 {
                output = buffer(wanted.byteCount, for: node)
                try define(y, output, wanted, .image)
                strides = [layout.strides[0], layout.strides[2], layout.strides[3], layout.strides[1]]
                type = wanted.type
            } else {
                output = try makePlain(y)
            }
            func emit<Element>(_ store: (Float) -> Element) {
                let frames = FrameNormalization(
                    shape: shape, strides: strides, scale: scale, shift: shift, store: store)
                self.emit(
                    reads: [input], writes: [output], for: node, parallel: frames.count, grain: frames.grain
                ) {
                    unsafe frames.run(
                        $0, input.pointer.assumingMemoryBound(to: UInt8.self),
                        into: output.pointer.assumingMemoryBound(to: Element.self))
                }
            }
            if type == .bfloat16 { emit(StorageType.bfloat16) } else { emit { $0 } }
        }
    }
}
