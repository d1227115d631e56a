import Neural

extension ShapeErrorTests {
    static let recurrentMistakes: [Mistake] = [
        Mistake("GRU of a matrix", gru { $0.x = [2, 3] }),
        Mistake("GRU with weights of another feature", gru { $0.input = [12, 2] }),
        Mistake("GRU with weights of another state", gru { $0.hidden = [12, 3] }),
        Mistake("GRU with another bias", gru { $0.bias = [4] }),
        Mistake("GRU with another state", gru { $0.initial = [3, 4] }),
        Mistake("GRU with other lengths", gru { $0.lengths = TensorType([5], .int32) }),
        Mistake("GRU with float lengths", gru { $0.lengths = TensorType([2]) }),
        Mistake("stack of no layers") { graph in
            let x = graph.fill(0, [2, 5, 3])
            _ = try graph.recurrentStack(x, hidden: 4, layers: 0)
        },
        Mistake("stack of no size") { graph in
            let x = graph.fill(0, [2, 5, 3])
            _ = try graph.recurrentStack(x, hidden: 0)
        },
        Mistake("stack of a matrix") { graph in
            let x = graph.fill(0, [5, 3])
            _ = try graph.recurrentStack(x, hidden: 4)
        },
        Mistake("stack with too few states") { graph in
            let (x, state) = (graph.fill(0, [2, 5, 3]), graph.fill(0, [2, 4]))
            _ = try graph.recurrentStack(x, hidden: 4, bidirectional: true, initial: [state])
        },
    ]

    private struct GRUShapes {
        var x: Shape = [2, 5, 3]
        var input: Shape = [12, 3]
        var hidden: Shape = [12, 4]
        var bias: Shape = [12]
        var initial: Shape = [2, 4]
        var lengths = TensorType([2], .int32)
    }

    private static func gru(
        _ change: @escaping @Sendable (inout GRUShapes) -> Void
    ) -> @Sendable (inout Graph) throws -> Void {
        { graph in
            var shapes = GRUShapes()
            change(&shapes)
            let weights = Graph.GRUWeights(
                input: graph.fill(0, shapes.input), hidden: graph.fill(0, shapes.hidden),
                inputBias: graph.fill(0, shapes.bias), hiddenBias: graph.fill(0, shapes.bias))
            let (x, initial) = (graph.fill(0, shapes.x), graph.fill(0, shapes.initial))
            let lengths = try graph.input("lengths", shapes.lengths)
            _ = try graph.gru(x, weights: weights, initial: initial, lengths: lengths)
        }
    }

    static let lossMistakes: [Mistake] = [
        Mistake(
            "softmax cross-entropy of a sequence",
            loss([2, 3, 4], [2, 3, 4]) { graph, x, t, _ in
                try graph.softmaxCrossEntropy(x, targets: t)
            }),
        Mistake(
            "softmax cross-entropy of other targets",
            loss([2, 3], [2, 4]) { graph, x, t, _ in
                try graph.softmaxCrossEntropy(x, targets: t)
            }),
        Mistake(
            "softmax cross-entropy with other class weights",
            loss([2, 3], [2, 3]) { graph, x, t, w in
                try graph.softmaxCrossEntropy(x, targets: t, classWeights: w)
            }),
        Mistake(
            "softmax cross-entropy with much smoothing",
            loss([2, 3], [2, 3]) { graph, x, t, _ in
                try graph.softmaxCrossEntropy(x, targets: t, labelSmoothing: 1)
            }),
        Mistake(
            "softmax cross-entropy with other sample weights",
            loss([2, 3], [2, 3]) { graph, x, t, w in
                try graph.softmaxCrossEntropy(x, targets: t, sampleWeight: w)
            }),
        Mistake(
            "sigmoid cross-entropy of other targets",
            loss([2, 3], [3]) { graph, x, t, _ in
                try graph.sigmoidCrossEntropy(x, targets: t)
            }),
        Mistake(
            "sigmoid cross-entropy with another positive weight",
            loss([2, 3], [2, 3]) { graph, x, t, w in
                try graph.sigmoidCrossEntropy(x, targets: t, positiveWeight: w)
            }),
        Mistake(
            "sigmoid cross-entropy with a larger positive weight",
            loss([1, 7], [1, 7], [2, 7]) { graph, x, t, w in
                try graph.sigmoidCrossEntropy(x, targets: t, positiveWeight: w)
            }),
        Mistake(
            "sigmoid cross-entropy with other sample weights",
            loss([2, 3], [2, 3]) { graph, x, t, w in
                try graph.sigmoidCrossEntropy(x, targets: t, sampleWeight: w)
            }),
        Mistake(
            "sigmoid cross-entropy of one number",
            loss([], []) { graph, x, t, _ in
                try graph.sigmoidCrossEntropy(x, targets: t)
            }),
        Mistake(
            "squared error of another target",
            loss([2, 3], [1, 3]) { graph, x, t, _ in
                try graph.meanSquaredError(x, target: t)
            }),
        Mistake(
            "absolute error with other sample weights",
            loss([2, 3], [2, 3]) { graph, x, t, w in
                try graph.meanAbsoluteError(x, target: t, sampleWeight: w)
            }),
        Mistake("InfoNCE of other shapes", loss([2, 3], [2, 4]) { graph, x, t, _ in try graph.infoNCE(x, t) }),
        Mistake(
            "InfoNCE of temperature 0",
            loss([2, 3], [2, 3]) { graph, x, t, _ in
                try graph.infoNCE(x, t, temperature: 0)
            }),
        Mistake(
            "InfoNCE with other sample weights",
            loss([2, 3], [2, 3]) { graph, x, t, w in
                try graph.infoNCE(x, t, sampleWeight: w)
            }),
    ]

    private static func loss(
        _ x: Shape, _ targets: Shape, _ weights: Shape = [7],
        _ build: @escaping @Sendable (inout Graph, Graph.Value, Graph.Value, Graph.Value) throws -> Graph.Value
    ) -> @Sendable (inout Graph) throws -> Void {
        { graph in
            let (x, targets, weights) = (graph.fill(0, x), graph.fill(0, targets), graph.fill(0, weights))
            _ = try build(&graph, x, targets, weights)
        }
    }
}
