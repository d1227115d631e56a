extension PlanBuilder {
    /// `x, initial, weightInput, weightHidden, biasInput, biasHidden, [lengths]` → `y, last, saved`
    func gru(_ node: Int, _ isReversed: Bool) throws {
        let inputs = operands(node)
        let size = gruShape(inputs, isReversed)
        let sources = try inputs.map { try plain($0) }
        let outputs = try (0..<3).map { try makePlain(result(node, $0)) }
        let projected = buffer(size.batch * size.time * size.gates * 4, for: node)
        let hidden = buffer(size.batch * size.gates * 4, for: node)
        let forward = GRUForward(size, sources, results: outputs, projected: projected, gates: hidden)
        emit(reads: sources, writes: outputs + [projected, hidden], for: node) { try forward.run() }
    }

    /// `x, initial, weightInput, weightHidden, biasInput, biasHidden, y, saved, dy, dlast, [lengths]`
    /// → `dx, dinitial, dweightInput, dweightHidden, dbiasInput, dbiasHidden`
    func gruGradient(_ node: Int, _ isReversed: Bool) throws {
        let inputs = operands(node)
        let size = gruShape(inputs, isReversed)
        let sources = try inputs.map { try plain($0) }
        let outputs = try (0..<6).map { try makePlain(result(node, $0)) }
        let rows = size.batch * size.time
        let inputGates = buffer(rows * size.gates * 4, for: node)
        let hiddenGates = buffer(rows * size.gates * 4, for: node)
        let states = buffer(rows * size.hidden * 4, for: node)
        let backward = GRUBackward(
            size: size, x: sources[0], initial: sources[1], weightInput: sources[2], weightHidden: sources[3],
            y: sources[6], saved: sources[7], dy: sources[8], dlast: sources[9],
            lengths: sources.count > 10 ? sources[10] : nil, dx: outputs[0], dinitial: outputs[1],
            dweightInput: outputs[2], dweightHidden: outputs[3], dbiasInput: outputs[4], dbiasHidden: outputs[5],
            inputGates: inputGates, hiddenGates: hiddenGates, states: states)
        emit(reads: sources, writes: outputs + [inputGates, hiddenGates, states], for: node) { try backward.run() }
    }

    private func gruShape(_ inputs: [Graph.Value], _ isReversed: Bool) -> GRUShape {
        let x = graph.shape(inputs[0])
        return GRUShape(
            batch: x[0], time: x[1], feature: x[2], hidden: graph.shape(inputs[3])[1], isReversed: isReversed)
    }
}
