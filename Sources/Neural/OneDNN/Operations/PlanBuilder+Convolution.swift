internal import COneDNN

extension PlanBuilder {
    /// Convolution with whatever was fused into it. Every operand may take the layout that the kernel likes best.
    func convolution(_ node: Int, _ c: Convolution) throws {
        let inputs = operands(node)
        let y = result(node)
        let residual = c.addsResidual ? inputs.last : nil
        let activation = c.activation.map { $0.code }
        let bias = c.hasBias ? try vector(graph.shape(inputs[2])[0]) : nil
        let (source, weights) = (try anyImage(inputs[0]), try anyKernel(inputs[1], c.groups))
        let anyResult = try anyImage(y)
        func make(_ destination: MemoryDescriptor, _ post: [sdnn_post_op]) throws -> Primitive {
            try Primitive(label(node)) { handle in
                var window = sdnn_window(c)
                return unsafe sdnn_convolution_forward(
                    &handle, 0, Int32(SDNN_DIRECT), source.handle, weights.handle, bias?.handle,
                    destination.handle, &window, post, Int32(post.count))
            }
        }
        let post: [sdnn_post_op]
        if let activation { unsafe post = [sdnn_post_op(function: activation)] } else { unsafe post = [] }
        var primitive: Primitive
        var isFused = true
        if residual != nil {
            primitive = try unsafe make(anyResult, [])
            let layout = try primitive.descriptor(.destination)
            let sum = unsafe sdnn_post_op(
                kind: Int32(SDNN_POST_BINARY), function: Int32(SDNN_ADD), alpha: 0, beta: 0,
                operand: layout.handle)
            if let fused = try? unsafe make(layout, [sum] + post) { primitive = fused } else { isFused = false }
        } else if let fused = try? unsafe make(anyResult, post) {
            primitive = fused
        } else {
            primitive = try unsafe make(anyResult, [])
            isFused = false
        }
        let (sourceLayout, weightsLayout) = (try primitive.descriptor(.source), try primitive.descriptor(.weights))
        let layout = try primitive.descriptor(.destination)
        var reads = [
            (ArgumentName.source, try use(inputs[0], as: sourceLayout, .image), sourceLayout),
            (.weights, try use(inputs[1], as: weightsLayout, .kernel(groups: c.groups)), weightsLayout),
        ]
        if let bias { reads.append((.bias, try plain(inputs[2]), bias)) }
        if isFused, let residual {
            reads.append((.postOperation(0), try use(residual, as: layout, .image), layout))
        }
        let output = buffer(layout.byteCount, for: node)
        try emit(primitive, reads: reads, writes: [(.destination, output, layout)], for: node)
        if !isFused {
            if let residual {
                try add(output, try use(residual, as: layout, .image), into: output, layout, for: node)
            }
            if let activation { try function(activation, output, into: output, layout, for: node) }
        }
        try define(y, output, layout, .image)
    }

    /// `dy, weight` → `dx`
    func convolutionInputGradient(_ node: Int, _ c: Convolution) throws {
        let inputs = operands(node)
        let (dx, weights) = (try anyImage(result(node)), try anyKernel(inputs[1], c.groups))
        let dy = try anyImage(inputs[0])
        let primitive = try Primitive(label(node)) { handle in
            var window = sdnn_window(c)
            return unsafe sdnn_convolution_backward_data(
                &handle, Int32(SDNN_DIRECT), dx.handle, weights.handle, dy.handle, &window)
        }
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
        let (x, dy) = (try anyImage(inputs[0]), try anyImage(inputs[1]))
        let weights = try anyKernel(result(node), c.groups)
        let bias = c.hasBias ? try vector(graph.shape(inputs[1])[3]) : nil
        let primitive = try Primitive(label(node)) { handle in
            var window = sdnn_window(c)
            return unsafe sdnn_convolution_backward_weights(
                &handle, Int32(SDNN_DIRECT), x.handle, weights.handle, bias?.handle, dy.handle, &window)
        }
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

    private func anyKernel(_ value: Graph.Value, _ groups: Int) throws -> MemoryDescriptor {
        try MemoryDescriptor(plainDescriptor(value, .kernel(groups: groups)).dimensions, strides: nil)
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
