import Neural

extension ExtraCases {
    static func images() throws -> [OperationCase] {
        try convolutions() + normalizations() + [
            one(
                "transposed convolution, dilated, in groups",
                [try .normal("x", [2, 3, 4, 6]), try .normal("w", [6, 2, 3, 2]), try .normal("b", [4])]
            ) { graph, x in
                try graph.transposedConvolution(
                    x[0], weight: x[1], bias: x[2], stride: Pair(height: 2, width: 1),
                    padding: Pair(height: 1, width: 0),
                    outputPadding: Pair(height: 1, width: 0), dilation: Pair(height: 2, width: 3), groups: 2)
            },
            one(
                "one convolved image added to several",
                [try .normal("x", [1, 5, 4, 3]), try .normal("w", [6, 3, 3, 3]), try .normal("z", [3, 5, 4, 6])]
            ) { graph, x in
                // A sum that repeats one of the two is no residual of the convolution's own shape.
                graph.relu(try graph.add(graph.convolution(x[0], weight: x[1], padding: Pair(1)), x[2]))
            },
            one("maximum pooling, default stride", [try .normal("x", [2, 7, 9, 17])]) { graph, x in
                try graph.pooling(.maximum, x[0], kernel: Pair(height: 3, width: 2))
            },
            one("average pooling, default stride", [try .normal("x", [2, 7, 9, 17])]) { graph, x in
                try graph.pooling(.average, x[0], kernel: Pair(height: 3, width: 2))
            },
            one("maximum pooling with padding, 32 channels", [try .normal("x", [1, 8, 5, 32])]) { graph, x in
                try graph.pooling(.maximum, x[0], kernel: Pair(3), stride: Pair(2), padding: Pair(1))
            },
            one("nearest upsampling", [try .normal("x", [2, 3, 2, 5])]) { graph, x in
                try graph.upsample(.nearest, x[0], factor: Pair(height: 3, width: 2))
            },
            one("bilinear upsampling", [try .normal("x", [2, 3, 4, 16])]) { graph, x in
                try graph.upsample(.bilinear, x[0], factor: Pair(height: 1, width: 4))
            },
        ]
    }

    /// Convolutions of sizes drawn at random, once for all.
    private static func convolutions() throws -> [OperationCase] {
        var random = TestRandom("convolutions")
        func draw(_ choices: [Int]) -> Int {
            choices[min(Int(random.uniform() * Double(choices.count)), choices.count - 1)]
        }
        return try (0..<24).map { number in
            let groups = draw([1, 1, 1, 2, 4])
            let (ins, outs) = (groups * draw([1, 2, 3, 8, 16]), groups * draw([1, 3, 4, 16]))
            let kernel = Pair(height: draw([1, 2, 3, 5]), width: draw([1, 2, 3]))
            let stride = Pair(height: draw([1, 2, 3]), width: draw([1, 2]))
            let padding = Pair(height: draw([0, 1, 2]), width: draw([0, 1]))
            let dilation = Pair(height: draw([1, 1, 2]), width: draw([1, 1, 3]))
            let (height, width, batch) = (draw([9, 10, 12]), draw([7, 8, 11]), draw([1, 2, 3]))
            var sources = [
                try Source.normal("x", [batch, height, width, ins]),
                try Source.normal("w", [outs, ins / groups, kernel.height, kernel.width], scale: 0.3),
            ]
            let hasBias = number % 2 == 0
            if hasBias { sources.append(try .normal("b", [outs])) }
            return one("convolution \(number)", sources) { graph, x in
                try graph.convolution(
                    x[0], weight: x[1], bias: hasBias ? x[2] : nil, stride: stride, padding: padding,
                    dilation: dilation,
                    groups: groups)
            }
        }
    }

    private static func normalizations() throws -> [OperationCase] {
        try [[5, 4, 3, 2], [7, 3], [2, 3, 33], [2, 4, 5, 16]].map { dimensions in
            let (shape, channels) = (Shape(dimensions), dimensions[dimensions.count - 1])
            let sources = [
                try Source.normal("x", shape, shift: 0.5), try Source.uniform("scale", [channels], 0.5, 2),
                try Source.normal("shift", [channels]),
            ]
            return OperationCase(
                name: "batch normalisation \(shape)", sources: sources, constantOutputs: [1, 2]
            ) { graph, values in
                let x = sources.compactMap { values[$0.name] }
                let result = try graph.batchNormalization(x[0], scale: x[1], shift: x[2])
                return [result.y, result.mean, result.variance]
            }
        }
    }

    static func recurrence() throws -> [OperationCase] {
        var cases: [OperationCase] = []
        for (batch, time, feature, hidden) in [(3, 4, 2, 5), (2, 6, 16, 8), (4, 1, 3, 32)] {
            let sources = [
                try Source.normal("x", [batch, time, feature]),
                try Source.normal("wi", [3 * hidden, feature], scale: 0.4),
                try Source.normal("wh", [3 * hidden, hidden], scale: 0.4),
                try Source.normal("bi", [3 * hidden]), try Source.normal("bh", [3 * hidden]),
                try Source.normal("initial", [batch, hidden]),
                try Source.integers("lengths", (0..<batch).map { Int32(1 + ($0 * 3 + time / 2) % time) }),
            ]
            for (reversed, hasState, hasLengths) in [
                (false, false, false), (true, false, false), (false, true, false), (true, true, true),
                (false, false, true),
            ] {
                // Each output alone, then both: a missing cotangent counts as zero.
                for wanted in [[0], [1], [0, 1]] {
                    let name =
                        "GRU \(batch) \(time) \(feature) \(hidden), reversed \(reversed), state \(hasState), "
                        + "lengths \(hasLengths), outputs \(wanted)"
                    let used = Array(sources.prefix(hasState ? 6 : 5)) + (hasLengths ? [sources[6]] : [])
                    cases.append(
                        OperationCase(name: name, sources: used) { graph, values in
                            let v = sources.prefix(5).compactMap { values[$0.name] }
                            let weights = Graph.GRUWeights(
                                input: v[1], hidden: v[2], inputBias: v[3], hiddenBias: v[4])
                            let result = try graph.gru(
                                v[0], weights: weights, initial: values["initial"], lengths: values["lengths"],
                                reversed: reversed)
                            return wanted.map { $0 == 0 ? result.y : result.last }
                        })
                }
            }
        }
        return try cases + lengthsOutOfRange()
    }

    /// Lengths come with each run, so nothing can check them before: those out of range are brought into it.
    private static func lengthsOutOfRange() throws -> [OperationCase] {
        let (batch, time, feature, hidden) = (5, 4, 3, 6)
        let sources = [
            try Source.normal("x", [batch, time, feature]),
            try Source.normal("wi", [3 * hidden, feature], scale: 0.4),
            try Source.normal("wh", [3 * hidden, hidden], scale: 0.4),
            try Source.normal("bi", [3 * hidden]), try Source.normal("bh", [3 * hidden]),
            try Source.normal("initial", [batch, hidden]),
            try Source.integers("lengths", [0, Int32(time + 1), -3, 2, .max]),
        ]
        return [false, true].map { reversed in
            OperationCase(name: "GRU with lengths out of range, reversed \(reversed)", sources: sources) {
                graph, values in
                let v = sources.compactMap { values[$0.name] }
                let weights = Graph.GRUWeights(input: v[1], hidden: v[2], inputBias: v[3], hiddenBias: v[4])
                let result = try graph.gru(v[0], weights: weights, initial: v[5], lengths: v[6], reversed: reversed)
                return [result.y, result.last]
            }
        }
    }
}
