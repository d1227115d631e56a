import Neural
import Testing

/// Each builder refuses what does not go together, with an error that says where in the network it is.
@Suite struct ShapeErrorTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (inout Graph) throws -> Void

        init(_ description: String, _ make: @escaping @Sendable (inout Graph) throws -> Void) {
            testDescription = description
            self.make = make
        }
    }

    @Test(
        arguments: imageMistakes + axisMistakes + shapeMistakes + typeMistakes + sizeMistakes + recurrentMistakes
            + lossMistakes)
    func isRefused(_ mistake: Mistake) {
        var graph = Graph()
        graph.scope = "layer3.1"
        let error = #expect(throws: NeuralError.self) { try mistake.make(&graph) }
        #expect(error?.code == .shape)
        #expect(error?.message.hasPrefix("layer3.1: ") == true)
    }

    private static func convolve(
        _ x: Shape, _ w: Shape, bias: Shape? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
        groups: Int = 1
    ) -> @Sendable (inout Graph) throws -> Void {
        { graph in
            let (x, w) = (graph.fill(0, x), graph.fill(0, w))
            let bias = bias.map { graph.fill(0, $0) }
            _ = try graph.convolution(
                x, weight: w, bias: bias, stride: Pair(stride), padding: Pair(padding), dilation: Pair(dilation),
                groups: groups)
        }
    }

    static let imageMistakes: [Mistake] = [
        Mistake("convolution of a matrix", convolve([5, 6], [4, 3, 2, 2])),
        Mistake("convolution with a kernel of three axes", convolve([1, 5, 6, 3], [4, 3, 2])),
        Mistake("convolution of other channels", convolve([1, 5, 6, 2], [4, 3, 2, 2])),
        Mistake("convolution in groups that do not divide", convolve([1, 5, 6, 3], [4, 1, 2, 2], groups: 3)),
        Mistake("convolution in no groups", convolve([1, 5, 6, 3], [4, 3, 2, 2], groups: 0)),
        Mistake("convolution with another bias", convolve([1, 5, 6, 3], [4, 3, 2, 2], bias: [3])),
        Mistake("convolution with a kernel too large", convolve([1, 5, 6, 3], [4, 3, 6, 2])),
        Mistake("convolution with a dilated kernel too large", convolve([1, 5, 6, 3], [4, 3, 3, 2], dilation: 3)),
        Mistake("convolution of stride 0", convolve([1, 5, 6, 3], [4, 3, 2, 2], stride: 0)),
        Mistake("convolution of negative padding", convolve([1, 5, 6, 3], [4, 3, 2, 2], padding: -1)),
        Mistake("transposed convolution of other channels") { graph in
            let (x, w) = (graph.fill(0, [1, 5, 6, 2]), graph.fill(0, [3, 4, 2, 2]))
            _ = try graph.transposedConvolution(x, weight: w)
        },
        Mistake("transposed convolution with much output padding") { graph in
            let (x, w) = (graph.fill(0, [1, 5, 6, 3]), graph.fill(0, [3, 4, 2, 2]))
            _ = try graph.transposedConvolution(x, weight: w, stride: Pair(2), outputPadding: Pair(2))
        },
        Mistake("transposed convolution padded to nothing") { graph in
            let (x, w) = (graph.fill(0, [1, 1, 1, 3]), graph.fill(0, [3, 4, 2, 2]))
            _ = try graph.transposedConvolution(x, weight: w, padding: Pair(1))
        },
        Mistake("transposed convolution with another bias") { graph in
            let (x, w, b) = (graph.fill(0, [1, 5, 6, 3]), graph.fill(0, [3, 4, 2, 2]), graph.fill(0, [3]))
            _ = try graph.transposedConvolution(x, weight: w, bias: b)
        },
        Mistake("pooling of a matrix") { graph in
            let x = graph.fill(0, [5, 6])
            _ = try graph.pooling(.average, x, kernel: Pair(2))
        },
        Mistake("pooling with a large window") { graph in
            let x = graph.fill(0, [1, 5, 6, 3])
            _ = try graph.pooling(.average, x, kernel: Pair(height: 6, width: 2))
        },
        Mistake("pooling with much padding") { graph in
            let x = graph.fill(0, [1, 5, 6, 3])
            _ = try graph.pooling(.maximum, x, kernel: Pair(2), padding: Pair(2))
        },
        Mistake("pooling of stride 0") { graph in
            let x = graph.fill(0, [1, 5, 6, 3])
            _ = try graph.pooling(.maximum, x, kernel: Pair(2), stride: Pair(0))
        },
        Mistake("upsampling by 0") { graph in
            let x = graph.fill(0, [1, 5, 6, 3])
            _ = try graph.upsample(.nearest, x, factor: Pair(height: 2, width: 0))
        },
        Mistake("upsampling of a matrix") { graph in
            let x = graph.fill(0, [5, 6])
            _ = try graph.upsample(.nearest, x, factor: Pair(2))
        },
        Mistake("frames of floats") { graph in
            let x = graph.fill(0, [1, 5, 6, 3])
            _ = try graph.normalizeFrames(x, scale: [1, 1, 1], shift: [0, 0, 0])
        },
        Mistake("frames with two scales") { graph in
            let x = try graph.input("x", TensorType([1, 5, 6, 3], .uint8))
            _ = try graph.normalizeFrames(x, scale: [1, 1], shift: [0, 0, 0])
        },
    ]

    static let axisMistakes: [Mistake] = [
        Mistake("matmul of vectors") { graph in
            let x = graph.fill(0, [3])
            _ = try graph.matmul(x, x)
        },
        Mistake("matmul of other inner sizes") { graph in
            let (a, b) = (graph.fill(0, [3, 4]), graph.fill(0, [3, 4]))
            _ = try graph.matmul(a, b)
        },
        Mistake("matmul of other batches") { graph in
            let (a, b) = (graph.fill(0, [2, 3, 4]), graph.fill(0, [3, 4, 5]))
            _ = try graph.matmul(a, b)
        },
        Mistake("matmul with another bias") { graph in
            let (a, b, bias) = (graph.fill(0, [3, 4]), graph.fill(0, [4, 5]), graph.fill(0, [3]))
            _ = try graph.matmul(a, b, bias: bias)
        },
        Mistake("dense of another size") { graph in
            let (x, w) = (graph.fill(0, [2, 3, 4]), graph.fill(0, [5, 3]))
            _ = try graph.dense(x, weight: w)
        },
        Mistake("dense of one number") { graph in
            let (x, w) = (graph.fill(0, []), graph.fill(0, [5, 1]))
            _ = try graph.dense(x, weight: w)
        },
        Mistake("sum along an axis that is not there") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.reduce(.sum, x, axes: [2])
        },
        Mistake("sum along an axis twice") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.reduce(.sum, x, axes: [1, 1])
        },
        Mistake("length of one number") { graph in
            let x = graph.fill(0, [])
            _ = try graph.normalizeLength(x)
        },
        Mistake("batch normalisation with another scale") { graph in
            let (x, s, t) = (graph.fill(0, [2, 3]), graph.fill(0, [2]), graph.fill(0, [3]))
            _ = try graph.batchNormalization(x, scale: s, shift: t)
        },
        Mistake("batch normalisation with another mean") { graph in
            let (x, v, m) = (graph.fill(0, [2, 3]), graph.fill(0, [3]), graph.fill(0, [1]))
            _ = try graph.batchNormalization(x, scale: v, shift: v, mean: m, variance: v)
        },
        Mistake("layer normalisation of a vector") { graph in
            let x = graph.fill(0, [3])
            _ = try graph.layerNormalization(x, scale: x, shift: x)
        },
        Mistake("addition of what does not broadcast") { graph in
            let (a, b) = (graph.fill(0, [2, 3]), graph.fill(0, [2]))
            _ = try graph.add(a, b)
        },
        Mistake("dropout of everything") { graph in
            let (x, seed) = (graph.fill(0, [3]), try graph.input("seed", TensorType([2], .int32)))
            _ = try graph.dropout(x, rate: 1, seed: seed, stream: 0)
        },
        Mistake("dropout with a float seed") { graph in
            let (x, seed) = (graph.fill(0, [3]), graph.fill(0, [2]))
            _ = try graph.dropout(x, rate: 0.5, seed: seed, stream: 0)
        },
        Mistake("gradient of a vector") { graph in
            let x = try graph.input("x", TensorType([3]))
            _ = try graph.gradients(of: x, withRespectTo: [x])
        },
        Mistake("gradient with another cotangent") { graph in
            let (x, d) = (try graph.input("x", TensorType([3])), graph.fill(1, [1, 3]))
            _ = try graph.gradients(of: [(x, d)], withRespectTo: [x])
        },
    ]

    static let shapeMistakes: [Mistake] = [
        Mistake("reshape to another count") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.reshape(x, [5])
        },
        Mistake("reshape to negative sizes") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.reshape(x, [-2, -3])
        },
        Mistake("transpose that repeats an axis") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.transpose(x, [0, 0])
        },
        Mistake("transpose of some axes") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.transpose(x, [0])
        },
        Mistake("nothing concatenated") { graph in _ = try graph.concatenate([], axis: 0) },
        Mistake("concatenation of other shapes") { graph in
            let (a, b) = (graph.fill(0, [2, 3]), graph.fill(0, [3, 2]))
            _ = try graph.concatenate([a, b], axis: 0)
        },
        Mistake("concatenation of other ranks") { graph in
            let (a, b) = (graph.fill(0, [2, 3]), graph.fill(0, [2]))
            _ = try graph.concatenate([a, b], axis: 0)
        },
        Mistake("concatenation along no axis") { graph in
            let a = graph.fill(0, [2, 3])
            _ = try graph.concatenate([a, a], axis: 2)
        },
        Mistake("an empty slice") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.slice(x, axis: 1, 1..<1)
        },
        Mistake("a slice too far") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.slice(x, axis: 1, 1..<4)
        },
        Mistake("a slice from before the start") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.slice(x, axis: 1, -1..<2)
        },
        Mistake("a slice of an axis that is not there") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.slice(x, axis: 2, 0..<1)
        },
        Mistake("broadcast to other sizes") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.broadcast(x, [4, 3])
        },
        Mistake("broadcast to fewer axes") { graph in
            let x = graph.fill(0, [2, 3])
            _ = try graph.broadcast(x, [3])
        },
        Mistake("broadcast to nothing") { graph in
            let x = graph.fill(0, [1, 3])
            _ = try graph.broadcast(x, [0, 3])
        },
        Mistake("an empty input") { graph in _ = try graph.input("x", TensorType([2, 0])) },
        Mistake("an update of another shape") { graph in
            let x = graph.fill(0, [2])
            try graph.update(Parameter("p", [3], initializer: .constant(0)), to: x)
        },
    ]
}
