internal import COneDNN

extension PlanBuilder {
    /// Convolution with whatever was fused into it. Every operand may take the layout that the kernel likes best.
    func convolution(_ node: Int, _ c: Convolution) throws {
        let inputs = operands(node)
        let y = result(node)
        let residual = c.addsResidual ? inputs.last : nil
        let activation = c.activation.map { $0.code }
        let bias = c.hasBias ? try vector(graph.shape(inputs[2])[0]) : nil
        let post = (residual == nil ? [] : [sdnn_post_op.sum]) + (activation.map { [sdnn_post_op(function: $0)] } ?? [])
        func make(_ way: ConvolutionWay, _ type: StorageType, _ post: [sdnn_post_op]) throws -> Primitive {
            let (source, destination) = (try image(inputs[0], way, type), try image(y, way, type))
            let weights = try anyKernel(inputs[1], c.groups, type)
            return try Primitive(label(node)) { handle in
                var window = sdnn_window(c)
                return unsafe sdnn_convolution_forward(
                    &handle, weightsChange ? 1 : 0, way.algorithm, source.handle, weights.handle, bias?.handle,
                    destination.handle,
                    &window, post, Int32(post.count))
            }
        }
        // What oneDNN has no kernel for on this processor, it does in naive loops a hundred times slower: then the
        // sum and the function run as steps of their own.
        let fused = try firstKernel(node, c, weights: inputs[1]) { try make($0, $1, post) }
        let isFused = fused.map { !$0.isNaive } ?? post.isEmpty
        let unfused = isFused ? fused : try firstKernel(node, c, weights: inputs[1]) { try make($0, $1, []) }
        guard let primitive = unfused else { throw noKernel(node) }
        let (sourceLayout, weightsLayout) = (try primitive.descriptor(.source), try primitive.descriptor(.weights))
        let layout = try primitive.descriptor(.destination)
        var reads = [
            (ArgumentName.source, try use(inputs[0], as: sourceLayout, .image), sourceLayout),
            (.weights, try use(inputs[1], as: weightsLayout, .kernel(groups: c.groups)), weightsLayout),
        ]
        if let bias { reads.append((.bias, try plain(inputs[2]), bias)) }
        let output = buffer(layout.byteCount, for: node)
        let added = try residual.map { try use($0, as: layout, .image) }
        if isFused, let added {
            // The sum is taken onto what the destination holds: the residual's own memory where nobody needs it
            // afterwards, a copy of it otherwise.
            emit(reads: [added], writes: [output], inPlace: (added, output), for: node, "residual of \(label(node))") {
                if unsafe added.pointer != output.pointer {
                    unsafe output.pointer.copyMemory(from: added.pointer, byteCount: layout.byteCount)
                }
            }
        }
        try emit(primitive, reads: reads, writes: [(.destination, output, layout)], for: node)
        if !isFused {
            if let added { try add(output, added, into: output, layout, for: node) }
            if let activation { try function(activation, output, into: output, layout, for: node) }
        }
        try define(y, output, layout, .image)
    }

    /// `dy, weight` → `dx`
    func convolutionInputGradient(_ node: Int, _ c: Convolution) throws {
        let inputs = operands(node)
        let made = try firstKernel(node, c, weights: inputs[1]) { way, type in
            let (dx, dy) = (try image(result(node), way, type), try image(inputs[0], way, type))
            let weights = try anyKernel(inputs[1], c.groups, type)
            return try Primitive(label(node)) { handle in
                var window = sdnn_window(c)
                return unsafe sdnn_convolution_backward_data(
                    &handle, way.algorithm, dx.handle, weights.handle, dy.handle, &window)
            }
        }
        guard let primitive = made else { throw noKernel(node) }
        let weightsLayout = try primitive.descriptor(.weights)
        let (dyLayout, dxLayout) = (
            try primitive.descriptor(.destinationGradient), try primitive.descriptor(.sourceGradient)
        )
        let output = buffer(dxLayout.byteCount, for: node)
        try emit(
            primitive,
            reads: [
                (.destinationGradient, try use(inputs[0], as: dyLayout, .image), dyLayout),
                (.weights, try use(inputs[1], as: weightsLayout, .kernel(groups: c.groups)), weightsLayout),
            ], writes: [(.sourceGradient, output, dxLayout)], for: node)
        try define(result(node), output, dxLayout, .image)
    }

    /// `x, dy` → `dweight, [dbias]`
    func convolutionWeightGradient(_ node: Int, _ c: Convolution) throws {
        let inputs = operands(node)
        // The gradient is added to a sum of many: it is always in single precision.
        let weights = try anyKernel(result(node), c.groups, .float32)
        let bias = c.hasBias ? try vector(graph.shape(inputs[1])[3]) : nil
        let made = try firstKernel(node, c, weights: result(node)) { way, type in
            let (x, dy) = (try image(inputs[0], way, type), try image(inputs[1], way, type))
            return try Primitive(label(node)) { handle in
                var window = sdnn_window(c)
                return unsafe sdnn_convolution_backward_weights(
                    &handle, way.algorithm, x.handle, weights.handle, bias?.handle, dy.handle, &window)
            }
        }
        guard let primitive = made else { throw noKernel(node) }
        let (xLayout, dyLayout) = (try primitive.descriptor(.source), try primitive.descriptor(.destinationGradient))
        let layout = try primitive.descriptor(.weightsGradient)
        let output = buffer(layout.byteCount, for: node)
        var writes = [(ArgumentName.weightsGradient, output, layout)]
        let reads = [
            (ArgumentName.source, try use(inputs[0], as: xLayout, .image), xLayout),
            (.destinationGradient, try use(inputs[1], as: dyLayout, .image), dyLayout),
        ]
        if let bias { writes.append((.biasGradient, try makePlain(result(node, 1)), bias)) }
        try emit(primitive, reads: reads, writes: writes, for: node)
        try define(result(node), output, layout, .kernel(groups: c.groups))
    }

    private func anyKernel(_ value: Graph.Value, _ groups: Int, _ type: StorageType) throws -> MemoryDescriptor {
        try MemoryDescriptor(plainDescriptor(value, .kernel(groups: groups)).dimensions, strides: nil, type: type)
    }

    /// An image as a way of convolving wants it: in blocks where its channels fill them, or as the kernel likes.
    private func image(
        _ value: Graph.Value, _ way: ConvolutionWay, _ type: StorageType
    ) throws -> MemoryDescriptor {
        let any = try anyImage(value, type)
        guard way != .anyLayout, graph.shape(value)[3] % ConvolutionWay.block == 0 else { return any }
        return try MemoryDescriptor(blocked: any.dimensions, type: type)
    }

    /// The first way for which the library has a real kernel; one of its naive loops, or nil, if there is none.
    private func firstKernel(
        _ node: Int, _ c: Convolution, weights: Graph.Value, _ make: (ConvolutionWay, StorageType) throws -> Primitive
    ) throws -> Primitive? {
        var naive: Primitive?
        // What there is no kernel for in half precision runs in single.
        for type in imageType == .float32 ? [.float32] : [imageType, .float32] {
            for way in ConvolutionWay.candidates(c, weights: graph.shape(weights), blocks: prefersBlocks) {
                guard let made = try? make(way, type) else { continue }
                if !made.isNaive { return made }
                naive = naive ?? made
            }
        }
        return naive
    }

    private func noKernel(_ node: Int) -> NeuralError {
        NeuralError(.unsupported, "oneDNN has no kernel for \(label(node)) on this processor")
    }
}

extension sdnn_window {
    init(_ c: Convolution) {
        self.init(
            strides: c.stride.sizes, kernel: (0, 0),
            dilation: (Int64(c.dilation.height - 1), Int64(c.dilation.width - 1)), pad_before: c.padBefore.sizes,
            pad_after: c.padAfter.sizes)
    }
}

extension Pair {
    /// As the facade wants them.
    var sizes: (Int64, Int64) { (Int64(height), Int64(width)) }
}
