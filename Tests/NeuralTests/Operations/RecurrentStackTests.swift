import Neural
import Testing

/// The stack's parameters and outputs; its numbers are among PyTorch's values.
@Suite struct RecurrentStackTests {
    @Test func parametersHavePyTorchsNamesAndShapes() throws {
        var graph = Graph()
        let x = graph.fill(0, [2, 5, 3])
        let result = try graph.recurrentStack(x, hidden: 4, layers: 2, bidirectional: true)
        let found = graph.parameters.map { "\($0.name) \($0.shape)" }
        #expect(
            found == [
                "gru.weight_ih_l0 [12, 3]", "gru.weight_hh_l0 [12, 4]", "gru.bias_ih_l0 [12]", "gru.bias_hh_l0 [12]",
                "gru.weight_ih_l0_reverse [12, 3]", "gru.weight_hh_l0_reverse [12, 4]", "gru.bias_ih_l0_reverse [12]",
                "gru.bias_hh_l0_reverse [12]",
                "gru.weight_ih_l1 [12, 8]", "gru.weight_hh_l1 [12, 4]", "gru.bias_ih_l1 [12]", "gru.bias_hh_l1 [12]",
                "gru.weight_ih_l1_reverse [12, 8]", "gru.weight_hh_l1_reverse [12, 4]", "gru.bias_ih_l1_reverse [12]",
                "gru.bias_hh_l1_reverse [12]",
            ])
        #expect(graph.parameters.allSatisfy { $0.isTrainable && $0.initializer == .uniform(bound: 0.5) })
        #expect(graph.shape(result.y) == [2, 5, 8])
        #expect(result.last.map { graph.shape($0) } == [[2, 4], [2, 4], [2, 4], [2, 4]])
    }

    @Test func defaultsAreOneLayerForwards() throws {
        var graph = Graph()
        let x = graph.fill(0, [2, 5, 3])
        let result = try graph.recurrentStack(x, hidden: 4, name: "")
        #expect(graph.parameters.map(\.name) == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"])
        #expect(graph.shape(result.y) == [2, 5, 4])
        #expect(result.last.count == 1)
    }

    @Test func aNameTakenByAnotherShapeIsAnError() throws {
        var graph = Graph()
        let x = graph.fill(0, [2, 5, 3])
        _ = try graph.recurrentStack(x, hidden: 4)
        let error = #expect(throws: NeuralError.self) { _ = try graph.recurrentStack(x, hidden: 5) }
        #expect(error?.code == .binding)
    }
}
