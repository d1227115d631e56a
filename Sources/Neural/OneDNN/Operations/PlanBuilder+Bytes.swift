internal import COneDNN

extension PlanBuilder {
    /// Convolution of bytes with whatever was fused into it.
    /// - Returns: whether there are steps and a kernel for it; if not, nothing was done.
    func byteConvolution(_ node: Int, _ c: Convolution) throws -> Bool {
        guard let layer = graph.weightsName(node).flatMap({ quantization?.layers[$0] }) else { return false }
        let inputs = operands(node)
        let frames = layer.input == nil ? graph.framesNormalization(inputs[0]) : nil
        guard frames != nil || byteScales[inputs[0]] != nil, c.groups == 1 || frames == nil,
            layer.weightSteps.count == graph.shape(inputs[1])[0],
            var problem = graph.convolutionProblem(node, type: .float32)
        else { return false }
        if frames != nil {
            problem.input.dimensions[3] += 1
            problem.weights.dimensions[1] += 1
        }
        let source = frames == nil ? byteScales[inputs[0]] : nil
        let added = c.addsResidual ? inputs.last : nil
        guard
            let arithmetic = ByteArithmetic(
                convolution: c, source: source, weightSteps: layer.weightSteps,
                residual: added.flatMap { byteScales[$0] }, destination: byteScales[result(node)])
        else { return false }
        problem.bytes = arithmetic
        guard let primitive = try? problem.primitive(.channelsLast), !primitive.isNaive else { return false }

        let (sourceLayout, layout) = (try primitive.descriptor(.source), try primitive.descriptor(.destination))
        let read =
            try frames.map { try withInside($0.frames, for: node) } ?? use(inputs[0], as: sourceLayout, .image)
        var reads = [
            (ArgumentName.source, read, sourceLayout),
            try byteWeights(inputs[1], problem, layer.weightSteps, primitive, frames.map { ($0.scale, $0.shift) }),
        ]
        if c.hasBias { reads.append(try byteBias(inputs[2], arithmetic)) }
        let output = buffer(layout.byteCount, for: node)
        if let added {
            try hold(added, layout, arithmetic, in: output, for: node)
        }
        let limit = kernels?.seconds(problem, .channelsLast)
        let cost = Step.Cost(operations: problem.operations, way: "bytes, \(arithmetic)", limit: limit)
        try emit(primitive, reads: reads, writes: [(.destination, output, layout)], cost: cost, for: node)
        try define(result(node), output, layout, .image)
        return true
    }

    /// Brings the residual to where the convolution adds its result.
    private func hold(
        _ added: Graph.Value, _ layout: MemoryDescriptor, _ arithmetic: ByteArithmetic, in output: PlanBuffer,
        for node: Int
    ) throws {
        let wanted = try plainDescriptor(added, .image, arithmetic.residual ?? layout.type)
        let held = try use(added, as: wanted, .image)
        emit(reads: [held], writes: [output], inPlace: (held, output), for: node, "residual of \(label(node))") {
            if unsafe held.pointer != output.pointer {
                unsafe output.pointer.copyMemory(from: held.pointer, byteCount: layout.byteCount)
            }
        }
    }

    /// Frames with a channel more that says where they are.
    private func withInside(_ frames: Graph.Value, for node: Int) throws -> PlanBuffer {
        let bytes = try plain(frames)
        let channels = graph.shape(frames).dimensions.last ?? 1
        let pixels = graph.shape(frames).elementCount / max(channels, 1)
        let result = buffer(pixels * (channels + 1), for: node)
        emit(
            reads: [bytes], writes: [result], for: node, "frames of \(label(node))", parallel: pixels, grain: 4096
        ) {
            unsafe FrameKernel.addChannel(
                $0, of: pixels, channels: channels, bytes.pointer.assumingMemoryBound(to: UInt8.self),
                into: result.pointer.assumingMemoryBound(to: UInt8.self))
        }
        return result
    }

    /// The weights as bytes, made whenever the parameters have changed.
    private func byteWeights(
        _ value: Graph.Value, _ problem: ConvolutionProblem, _ steps: [Float], _ primitive: Primitive,
        _ normalization: (scale: [Float], shift: [Float])?
    ) throws -> (ArgumentName, PlanBuffer, MemoryDescriptor) {
        let node = value.node
        let source = try plain(value)
        let (shape, expanded) = (graph.shape(value), problem.weights)
        let scaled = buffer(expanded.elementCount * 4, for: node)
        let inverse = steps.map { 1 / $0 }
        emit(reads: [source], writes: [scaled], for: node, "steps of \(label(node))") {
            let floats = unsafe Array(UnsafeBufferPointer(start: source.floats, count: shape.elementCount))
            let weights =
                normalization.map { FrameKernel.weights(floats, shape, factor: $0.scale, shift: $0.shift) } ?? floats
            let size = expanded.elementCount / inverse.count
            for (index, weight) in weights.enumerated() {
                unsafe scaled.floats[index] = weight * inverse[index / size]
            }
        }
        let groups = problem.convolution.groups
        let d = expanded.dimensions
        let sizes = groups > 1 ? [groups, d[0] / groups] + d[1...] : d
        let plain = try MemoryDescriptor(sizes, strides: Shape(sizes).strides)
        let layout = try primitive.descriptor(.weights)
        let bytes = buffer(layout.byteCount, for: node)
        let reorder = try Primitive("weights as bytes") {
            unsafe sdnn_reorder(&$0, plain.handle, layout.handle, 1, 0)
        }
        try emit(
            reorder, reads: [(.source, scaled, plain)], writes: [(.destination, bytes, layout)], for: node,
            "bytes of \(label(node))")
        return (.weights, bytes, layout)
    }

    /// The bias in the units of the sums that it is added to.
    private func byteBias(
        _ value: Graph.Value, _ arithmetic: ByteArithmetic
    ) throws -> (ArgumentName, PlanBuffer, MemoryDescriptor) {
        let source = try plain(value)
        let scaled = buffer(source.byteCount, for: value.node)
        let factors = arithmetic.biasFactors
        emit(reads: [source], writes: [scaled], for: value.node, "steps of \(label(value.node))") {
            for (channel, factor) in factors.enumerated() {
                unsafe scaled.floats[channel] = unsafe source.floats[channel] * factor
            }
        }
        return (.bias, scaled, try vector(factors.count))
    }
}
