internal import COneDNN

extension PlanBuilder {
    /// Convolution with whatever was fused into it.
    func convolution(_ node: Int, _ c: Convolution) throws {
        if try byteConvolution(node, c) || frameConvolution(node, c) { return }
        let inputs = operands(node)
        let y = result(node)
        // What oneDNN has no kernel for on this processor, it does in naive loops a hundred times slower: then the
        // sum and the function run as steps of their own.
        let fused = try? kernel(node)
        let isFused = fused.map { !$0.primitive.isNaive } ?? false
        let (primitive, cost) = if isFused, let fused { fused } else { try kernel(node, fuses: false) }
        let (sourceLayout, weightsLayout) = (try primitive.descriptor(.source), try primitive.descriptor(.weights))
        let layout = try primitive.descriptor(.destination)
        var reads = [
            (ArgumentName.source, try use(inputs[0], as: sourceLayout, .image), sourceLayout),
            (.weights, try use(inputs[1], as: weightsLayout, .kernel(groups: c.groups)), weightsLayout),
        ]
        if c.hasBias { reads.append((.bias, try plain(inputs[2]), try vector(graph.shape(inputs[2])[0]))) }
        let output = buffer(layout.byteCount, for: node)
        let added = try c.addsResidual ? inputs.last.map { try use($0, as: layout, .image) } : nil
        if isFused, let added {
            // The sum is taken onto what the destination holds: the residual's own memory where nobody needs it
            // afterwards, a copy of it otherwise.
            emit(reads: [added], writes: [output], inPlace: (added, output), for: node, "residual of \(label(node))") {
                if unsafe added.pointer != output.pointer {
                    unsafe output.pointer.copyMemory(from: added.pointer, byteCount: layout.byteCount)
                }
            }
        }
        try emit(primitive, reads: reads, writes: [(.destination, output, layout)], cost: cost, for: node)
        if !isFused {
            if let added { try add(output, added, into: output, layout, for: node) }
            if let activation = c.activation { try function(activation.code, output, into: output, layout, for: node) }
        }
        try define(y, output, layout, .image)
    }

    /// `dy, weight` → `dx`
    func convolutionInputGradient(_ node: Int, _ c: Convolution) throws {
        let inputs = operands(node)
        let (primitive, cost) = try kernel(node)
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
            ], writes: [(.sourceGradient, output, dxLayout)], cost: cost, for: node)
        try define(result(node), output, dxLayout, .image)
    }

    /// `x, dy` → `dweight, [dbias]`
    func convolutionWeightGradient(_ node: Int, _ c: Convolution) throws {
        let inputs = operands(node)
        let (primitive, cost) = try kernel(node)
        let (xLayout, dyLayout) = (try primitive.descriptor(.source), try primitive.descriptor(.destinationGradient))
        let layout = try primitive.descriptor(.weightsGradient)
        let output = buffer(layout.byteCount, for: node)
        var writes = [(ArgumentName.weightsGradient, output, layout)]
        let reads = [
            (ArgumentName.source, try use(inputs[0], as: xLayout, .image), xLayout),
            (.destinationGradient, try use(inputs[1], as: dyLayout, .image), dyLayout),
        ]
        if c.hasBias {
            let bias = result(node, 1)
            writes.append((.biasGradient, try makePlain(bias), try vector(graph.shape(bias)[0])))
        }
        try emit(primitive, reads: reads, writes: writes, cost: cost, for: node)
        try define(result(node), output, layout, .kernel(groups: c.groups))
    }

    /// The kernel for a convolution or its gradient: in the way that was chosen for it, or the first of the rule's for
    /// which the library has a real one; one of its naive loops if there is none.
    private func kernel(_ node: Int, fuses: Bool = true) throws -> (primitive: Primitive, cost: Step.Cost) {
        var naive: (Primitive, Step.Cost)?
        // What there is no kernel for in half precision runs in single.
        for type in imageType == .float32 ? [.float32] : [imageType, .float32] {
            guard let problem = graph.convolutionProblem(node, isTraining: weightsChange, type: type) else { continue }
            let rule = ConvolutionWay.byRule(problem, blocks: prefersBlocks)
            for way in (ways[node].map { [$0] } ?? []) + rule {
                guard let made = try? problem.primitive(way, fuses: fuses) else { continue }
                let cost = Step.Cost(operations: problem.operations, way: "\(way)", limit: limit(problem))
                if !made.isNaive { return (made, cost) }
                naive = naive ?? (made, cost)
            }
        }
        guard let naive else {
            throw NeuralError(.unsupported, "oneDNN has no kernel for \(label(node)) on this processor")
        }
        return naive
    }

    private func limit(_ problem: ConvolutionProblem) -> Double? {
        kernels.flatMap { times in
            ConvolutionWay.candidates(problem).compactMap { times.seconds(problem, $0) }.min()
        }
    }
}
