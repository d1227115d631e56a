extension PlanBuilder {
    /// The first convolution of a network and the pooling after it by our own kernel, where nobody else wants the
    /// convolution's result.
    /// - Returns: whether there is a kernel for it; if not, nothing was done.
    func frameConvolution(_ node: Int, _ c: Convolution) throws -> Bool {
        let inputs = operands(node)
        guard quantization == nil, let (frames, scale, shift) = graph.framesNormalization(inputs[0]),
            let pooling = poolingByTwo(node),
            let kernel = FrameConvolution(
                c, input: graph.shape(inputs[0]), weights: graph.shape(inputs[1]), output: graph.shape(result(node)),
                type: imageType)
        else { return false }
        let y = result(pooling)
        pooledBefore.insert(pooling)
        wait(y) { [unowned self] wanted in
            var kernel = kernel
            var layout = try plainDescriptor(y, .image, imageType)
            if let wanted, kernel.lay(out: wanted) { layout = wanted } else { _ = kernel.lay(out: layout) }
            let (bytes, weights) = (try plain(frames), try frameWeights(inputs[1], kernel))
            let bias = try c.hasBias ? plain(inputs[2]) : nil
            let output = buffer(layout.byteCount, for: node)
            let table = FrameConvolution.Table(scale: scale, shift: shift)
            let loop = ParallelLoop(kernel.count, grain: kernel.grain) { rows in
                unsafe kernel.run(
                    rows, bytes.pointer, table, weights: weights.pointer, bias: bias?.floats, into: output.pointer)
            }
            let problem = graph.convolutionProblem(node, isTraining: weightsChange, type: imageType)
            let cost = Step.Cost(
                operations: problem?.operations ?? 0, way: "frames, pooled")
            append(
                Step(
                    label: label(node), work: .kernel { loop.run() },
                    reads: [bytes, weights] + (bias.map { [$0] } ?? []), writes: [output], cost: cost), for: node)
            try define(y, output, layout, .image)
        }
        return true
    }

    /// The weights in the kernel's own order.
    private func frameWeights(_ value: Graph.Value, _ kernel: FrameConvolution) throws -> PlanBuffer {
        let source = try plain(value)
        let arranged = buffer(kernel.weightBytes, for: value.node)
        emit(reads: [source], writes: [arranged], for: value.node, "order of \(label(value.node))") {
            unsafe kernel.arrange(source.floats, into: arranged.pointer)
        }
        return arranged
    }

    /// The maximum pooling by two that alone reads the result of `node`, if it keeps nothing for a gradient.
    private func poolingByTwo(_ node: Int) -> Int? {
        let value = result(node)
        guard uses[value] == 1,
            let user = graph.nodes.indices.first(where: {
                graph.nodes[$0].inputs.contains(value) && uses[result($0)] != nil
            }),
            case .pooling(let pooling) = graph.nodes[user].operation, pooling.kind == .maximum,
            pooling.kernel == Pair(2), pooling.stride == Pair(2), pooling.padBefore == Pair(0),
            pooling.padAfter == Pair(0), uses[result(user, 1)] == nil
        else { return nil }
        return user
    }
}
