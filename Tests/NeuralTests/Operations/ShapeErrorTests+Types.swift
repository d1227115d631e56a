import Neural

extension ShapeErrorTests {
    /// Arithmetic is done on floats: a kernel would read bytes and integers as if they were floats.
    static let typeMistakes: [Mistake] =
        [ElementType.uint8, .int32].flatMap { type in
            [
                image("convolution", type) { try $0.convolution($1, weight: $0.fill(0, [4, 3, 2, 2])) },
                Mistake("convolution with a kernel of \(type)") { graph in
                    let (x, w) = (graph.fill(0, [2, 6, 5, 3]), try graph.input("w", TensorType([4, 3, 2, 2], type)))
                    _ = try graph.convolution(x, weight: w)
                },
                Mistake("convolution with a bias of \(type)") { graph in
                    let (x, w) = (graph.fill(0, [2, 6, 5, 3]), graph.fill(0, [4, 3, 2, 2]))
                    _ = try graph.convolution(x, weight: w, bias: graph.input("b", TensorType([4], type)))
                },
                image("transposed convolution", type) {
                    try $0.transposedConvolution($1, weight: $0.fill(0, [3, 4, 2, 2]))
                },
                image("maximum pooling", type) { try $0.pooling(.maximum, $1, kernel: Pair(2)) },
                image("upsampling", type) { try $0.upsample(.nearest, $1, factor: Pair(2)) },
                image("addition", type) { try $0.add($1, $0.fill(0, [3])) },
                image("subtraction", type) { try $0.subtract($0.fill(0, [3]), $1) },
                image("multiplication", type) { try $0.multiply($1, $1) },
                image("dropout", type) {
                    try $0.dropout($1, rate: 0.5, seed: $0.input("seed", TensorType([2], .int32)), stream: 0)
                },
                image("matmul", type) { try $0.matmul($1, $1, transposeB: true) },
                image("dense", type) { try $0.dense($1, weight: $0.fill(0, [4, 3])) },
                image("sum", type) { try $0.reduce(.sum, $1, axes: [1]) },
                image("maximum", type) { try $0.reduce(.maximum, $1, axes: [1, 2]) },
                image("length", type) { try $0.normalizeLength($1) },
                image("batch normalisation", type) {
                    try $0.batchNormalization($1, scale: $0.fill(1, [3]), shift: $0.fill(0, [3])).y
                },
                image("layer normalisation", type) {
                    try $0.layerNormalization($1, scale: $0.fill(1, [3]), shift: $0.fill(0, [3]))
                },
                image("transposition", type) { try $0.transpose($1, [0, 3, 1, 2]) },
                image("concatenation", type) { try $0.concatenate([$1, $1], axis: 0) },
                image("slice", type) { try $0.slice($1, axis: 1, 0..<2) },
                image("repetition", type) { try $0.broadcast($1, [4, 2, 6, 5, 3]) },
                Mistake("GRU of \(type)") { graph in
                    let x = try graph.input("x", TensorType([2, 5, 3], type))
                    _ = try graph.recurrentStack(x, hidden: 4)
                },
                Mistake("GRU with a state of \(type)") { graph in
                    let (x, state) = (graph.fill(0, [2, 5, 3]), try graph.input("h", TensorType([2, 4], type)))
                    _ = try graph.recurrentStack(x, hidden: 4, initial: [state])
                },
                Mistake("squared error of \(type)") { graph in
                    let (x, t) = (graph.fill(0, [2, 3]), try graph.input("t", TensorType([2, 3], type)))
                    _ = try graph.meanSquaredError(x, target: t)
                },
                Mistake("softmax cross-entropy with targets of \(type)") { graph in
                    let (x, t) = (graph.fill(0, [2, 3]), try graph.input("t", TensorType([2, 3], type)))
                    _ = try graph.softmaxCrossEntropy(x, targets: t)
                },
                Mistake("an update with \(type)") { graph in
                    let x = try graph.input("x", TensorType([3], type))
                    try graph.update(Parameter("p", [3], initializer: .constant(0)), to: x)
                },
            ]
        } + [
            Mistake("frames of integers") { graph in
                let x = try graph.input("x", TensorType([1, 5, 6, 3], .int32))
                _ = try graph.normalizeFrames(x, scale: [1, 1, 1], shift: [0, 0, 0])
            }
        ]

    /// Sizes at which counts or the arithmetic on sizes would overflow.
    static let sizeMistakes: [Mistake] = [
        Mistake("an input of more than memory") { _ = try $0.input("x", TensorType([1 << 40, 1 << 40])) },
        Mistake("a parameter of more than memory") {
            _ = try $0.parameter(Parameter("p", [1 << 62, 4], initializer: .constant(0)))
        },
        Mistake("repetition to more than memory") { try _ = $0.broadcast($0.fill(0, [1]), [1 << 32, 1 << 32]) },
        Mistake("a product of more than memory") {
            try _ = $0.matmul($0.fill(0, [1 << 30, 1]), $0.fill(0, [1, 1 << 30]))
        },
        Mistake("a sum of more than memory") { try _ = $0.add($0.fill(0, [1 << 30, 1]), $0.fill(0, [1 << 30])) },
        Mistake("upsampling by much") {
            try _ = $0.upsample(.nearest, $0.fill(0, [1, 5, 6, 3]), factor: Pair(.max))
        },
        Mistake("convolution with much padding") {
            try _ = $0.convolution($0.fill(0, [1, 5, 6, 3]), weight: $0.fill(0, [4, 3, 2, 2]), padding: Pair(.max))
        },
        Mistake("convolution with much dilation") {
            try _ = $0.convolution($0.fill(0, [1, 5, 6, 3]), weight: $0.fill(0, [4, 3, 3, 3]), dilation: Pair(.max))
        },
        Mistake("convolution in many groups") {
            try _ = $0.convolution($0.fill(0, [1, 5, 6, 3]), weight: $0.fill(0, [4, 3, 3, 3]), groups: .max)
        },
        Mistake("transposed convolution of much stride") {
            try _ = $0.transposedConvolution(
                $0.fill(0, [1, 5, 6, 3]), weight: $0.fill(0, [3, 4, 3, 3]), stride: Pair(.max))
        },
        Mistake("pooling with much padding of a vast window") {
            try _ = $0.pooling(.average, $0.fill(0, [1, 5, 6, 3]), kernel: Pair(.max), padding: Pair(.max))
        },
        Mistake("stack of a vast size") { try _ = $0.recurrentStack($0.fill(0, [2, 5, 3]), hidden: .max) },
    ]

    private static func image(
        _ name: String, _ type: ElementType,
        _ build: @escaping @Sendable (inout Graph, Graph.Value) throws -> Graph.Value
    ) -> Mistake {
        Mistake("\(name) of \(type)") { graph in
            _ = try build(&graph, graph.input("x", TensorType([2, 6, 5, 3], type)))
        }
    }
}
