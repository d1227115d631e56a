import Neural

/// Cases beside PyTorch's, for finite differences and for one backend against another: what has no fixture, and what
/// only shows at other sizes.
enum ExtraCases {
    /// All of them; none if one could not be made, which a test of its own notices.
    static let all: [OperationCase] = (try? make()) ?? []

    static func make() throws -> [OperationCase] {
        try unary() + products() + dropouts() + shapes() + images() + axes() + recurrence() + losses() + [
            TestNetwork.operationCase()
        ]
    }

    /// A case with one output.
    static func one(
        _ name: String, _ sources: [Source],
        _ build: @escaping @Sendable (inout Graph, [Graph.Value]) throws -> Graph.Value
    ) -> OperationCase {
        let names = sources.map(\.name)
        return OperationCase(name: name, sources: sources) { graph, values in
            [try build(&graph, names.compactMap { values[$0] })]
        }
    }

    private static func unary() throws -> [OperationCase] {
        let anywhere: [Unary] = [
            .relu, .relu6, .gelu, .silu, .sigmoid, .tanh, .exp, .softplus, .square, .absolute,
            .linear(scale: -1.5, shift: 0.25), .linear(scale: 0, shift: 2),
        ]
        let positive: [Unary] = [.reciprocalSquareRoot, .reciprocal, .logarithm]
        let shapes: [Shape] = [[3, 5], [2, 3, 4, 17], [7]]
        return try shapes.flatMap { shape in
            try anywhere.map { function in
                one("\(function) \(shape)", [try .normal("x", shape, scale: 2.5, clearOf: [0, 6])]) { graph, x in
                    graph.unary(function, x[0])
                }
            }
                + positive.map { function in
                    one("\(function) \(shape)", [try .uniform("x", shape, 0.2, 5)]) { graph, x in
                        graph.unary(function, x[0])
                    }
                }
        }
    }

    private static func products() throws -> [OperationCase] {
        var cases: [OperationCase] = []
        for (transposeA, transposeB) in [(false, false), (false, true), (true, false), (true, true)] {
            for (batch, hasBias) in [([], false), ([], true), ([3], false), ([2, 3], true)] as [([Int], Bool)] {
                let (m, k, n) = (4, 5, 7)
                var sources = [
                    try Source.normal("a", Shape(batch + (transposeA ? [k, m] : [m, k]))),
                    try Source.normal("b", Shape(batch + (transposeB ? [n, k] : [k, n]))),
                ]
                if hasBias { sources.append(try .normal("bias", [n])) }
                cases.append(
                    one("matmul \(batch) \(transposeA) \(transposeB) \(hasBias)", sources) { graph, x in
                        try graph.matmul(
                            x[0], x[1], bias: hasBias ? x[2] : nil, transposeA: transposeA, transposeB: transposeB)
                    })
            }
        }
        cases.append(
            one("dense of one row", [try .normal("x", [6]), try .normal("w", [4, 6]), try .normal("b", [4])]) {
                graph, x in
                try graph.dense(x[0], weight: x[1], bias: x[2])
            })
        cases.append(
            one("a value used three times", [try .normal("x", [3, 4])]) { graph, x in
                try graph.add(graph.multiply(x[0], x[0]), x[0])
            })
        for (left, right) in [([2, 1, 4], [3, 1]), ([5], [2, 3, 1]), ([], [2, 3]), ([1, 1], [4])] as [(Shape, Shape)] {
            for function in [Binary.add, .subtract, .multiply] {
                cases.append(
                    one("\(function) \(left) \(right)", [try .normal("a", left), try .normal("b", right)]) { graph, x in
                        try graph.binary(function, x[0], x[1])
                    })
            }
        }
        return cases
    }

    /// The mask depends on the seed alone, so that dropout can be differentiated as the product it is.
    private static func dropouts() throws -> [OperationCase] {
        try [Shape([4, 33]), [2, 3, 4, 5]].map { shape in
            one("dropout of \(shape)", [try .normal("x", shape), try .integers("seed", [-7, 123_456_789])]) {
                graph, x in
                let once = try graph.dropout(x[0], rate: 0.4, seed: x[1], stream: 3)
                return try graph.dropout(graph.unary(.square, once), rate: 0.25, seed: x[1], stream: 4)
            }
        }
    }

    private static func shapes() throws -> [OperationCase] {
        [
            one("broadcast a row", [try .normal("x", [4])]) { graph, x in try graph.broadcast(x[0], [2, 3, 4]) },
            one("broadcast the middle", [try .normal("x", [2, 1, 3])]) { graph, x in
                try graph.broadcast(x[0], [5, 2, 4, 3])
            },
            one("pad", [try .normal("x", [4, 5, 3])]) { graph, x in
                // The gradient of a slice is a pad; this differentiates it.
                let part = try graph.slice(x[0], axis: 1, 1..<4)
                let gradients = try graph.gradients(of: [(part, graph.unary(.tanh, part))], withRespectTo: [x[0]])
                return gradients[0]
            },
            one("slice and concatenate anew", [try .normal("x", [3, 6, 2])]) { graph, x in
                let (front, back) = (try graph.slice(x[0], axis: 1, 0..<4), try graph.slice(x[0], axis: 1, 2..<6))
                return try graph.concatenate([back, front, back], axis: 1)
            },
            one("transpose with axes of one", [try .normal("x", [1, 3, 1, 4])]) { graph, x in
                try graph.transpose(x[0], [3, 0, 1, 2])
            },
            one("reshape between transposes", [try .normal("x", [2, 3, 4])]) { graph, x in
                try graph.transpose(graph.reshape(graph.transpose(x[0], [2, 0, 1]), [8, 3]), [1, 0])
            },
        ]
    }

    private static func axes() throws -> [OperationCase] {
        var cases: [OperationCase] = []
        for shape in [[3], [2, 17], [2, 3, 5], [2, 3, 2, 4]] as [Shape] {
            cases.append(one("softmax \(shape)", [try .normal("x", shape)]) { graph, x in graph.softmax(x[0]) })
            cases.append(one("log softmax \(shape)", [try .normal("x", shape)]) { graph, x in graph.logSoftmax(x[0]) })
        }
        for reduction in [Reduction.sum, .mean, .maximum] {
            for (shape, axes) in [
                ([4, 1, 3], [1]), ([2, 3, 4, 5], [0, 2]), ([2, 3, 4, 5], [3, 1]), ([33, 18], [0]),
            ]
                as [(Shape, [Int])]
            {
                for keeps in [false, true] {
                    cases.append(
                        one("\(reduction) \(shape) along \(axes), \(keeps)", [try .normal("x", shape)]) { graph, x in
                            try graph.reduce(reduction, x[0], axes: axes, keepsAxes: keeps)
                        })
                }
            }
        }
        let width = 19
        cases.append(
            one(
                "layer normalisation [2, 3, \(width)]",
                [try .normal("x", [2, 3, width]), try .uniform("s", [width], 0.5, 2), try .normal("t", [width])]
            ) { graph, x in try graph.layerNormalization(x[0], scale: x[1], shift: x[2]) })
        return cases
    }

    private static func losses() throws -> [OperationCase] {
        let weights = try Source(
            name: "weights", tensor: Tensor([4], [1, 0.5, 0, 2] as [Float]), isDifferentiable: false)
        let padding = try Source(
            name: "weights", tensor: Tensor([4], [1, 1, 0, 1] as [Float]), isDifferentiable: false)
        let targets = try Source.uniform("targets", [4, 3], 0, 1).constant
        let classes = try Source.uniform("classes", [3], 0.5, 2).constant
        let logits = try Source.normal("logits", [4, 3], scale: 2)
        return [
            one("weighted softmax cross-entropy", [logits, targets, classes, weights]) { graph, x in
                try graph.softmaxCrossEntropy(
                    x[0], targets: x[1], classWeights: x[2], labelSmoothing: 0.1, sampleWeight: x[3])
            },
            one("sample-weighted softmax cross-entropy", [logits, targets, weights]) { graph, x in
                try graph.softmaxCrossEntropy(x[0], targets: x[1], sampleWeight: x[2])
            },
            one("weighted sigmoid cross-entropy", [logits, targets, classes, weights]) { graph, x in
                try graph.sigmoidCrossEntropy(x[0], targets: x[1], positiveWeight: x[2], sampleWeight: x[3])
            },
            one("sigmoid cross-entropy of a vector", [try .normal("x", [5]), try .uniform("t", [5], 0, 1).constant]) {
                graph, x in try graph.sigmoidCrossEntropy(x[0], targets: x[1])
            },
            one("weighted squared error", [logits, targets, weights]) { graph, x in
                try graph.meanSquaredError(x[0], target: x[1], sampleWeight: x[2])
            },
            one("weighted absolute error", [logits, targets, weights]) { graph, x in
                try graph.meanAbsoluteError(x[0], target: x[1], sampleWeight: x[2])
            },
            one("InfoNCE with filling", [logits, try .normal("other", [4, 3]), padding]) { graph, x in
                try graph.infoNCE(x[0], x[1], sampleWeight: x[2])
            },
        ]
    }
}
