internal import COneDNN

/// How a convolution may be computed, and the layouts of its images that go with it.
struct ConvolutionWay: Hashable {
    enum Algorithm: String {
        /// As defined.
        case direct
        /// Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray 2016): 2.25 multiplications where the definition
        /// has 9, for a rounding error some ten times larger. oneDNN has it up to 2.x, on processors with AVX-512.
        case winograd
    }

    /// How an image lies in memory.
    enum Layout: String {
        /// Plain order: all channels of a place side by side.
        case channelsLast
        /// Channels in blocks of 16; what the kernel likes where they do not fill their blocks.
        case blocks
        /// What the kernel likes best.
        case any
    }

    var algorithm = Algorithm.direct
    /// Of the convolution's input.
    var source: Layout
    /// Of the convolution's output.
    var destination: Layout
    /// Whether it is computed in single precision where images are stored in half: they are converted for it.
    var isSingle = false

    static let winograd = Self(algorithm: .winograd, source: .blocks, destination: .blocks)
    static let blocks = Self(source: .blocks, destination: .blocks)
    static let channelsLast = Self(source: .channelsLast, destination: .channelsLast)
    static let anyLayout = Self(source: .any, destination: .any)

    /// Channels in a block.
    static let block = 16

    var code: Int32 { algorithm == .winograd ? Int32(SDNN_WINOGRAD) : Int32(SDNN_DIRECT) }

    /// The ways worth trying where nothing was measured, best first.
    /// - Parameter blocks: whether images of the plan lie in blocks.
    static func byRule(_ problem: ConvolutionProblem, blocks: Bool) -> [ConvolutionWay] {
        guard blocks else { return [.anyLayout] }
        return (problem.suitsWinograd ? [.winograd] : []) + [.blocks, .anyLayout]
    }

    /// The ways worth measuring. For the gradient of weights from images in half precision, single precision is among
    /// them: on small images the library's kernels for it are several times faster, and it rounds less.
    static func candidates(_ problem: ConvolutionProblem) -> [ConvolutionWay] {
        let wholeSource = problem.input[3] % block == 0
        let wholeDestination = problem.output[3] % block == 0
        switch (wholeSource, wholeDestination) {
        case (true, true):
            let single = single(problem)
            return problem.type == .float32 ? single + [.channelsLast] : [.blocks, .channelsLast] + single
        case (false, true):
            return [.blocks, .channelsLast].map { ConvolutionWay(source: .any, destination: $0) }
        case (true, false):
            return [.blocks, .channelsLast].map { ConvolutionWay(source: $0, destination: .any) }
        case (false, false): return [.anyLayout]
        }
    }

    /// The ways of single precision, but that of the plain order.
    private static func single(_ problem: ConvolutionProblem) -> [ConvolutionWay] {
        let converts = problem.type != .float32
        guard !converts || problem.direction == .weightGradient else { return [] }
        let ways = (problem.suitsWinograd && isWinogradAvailable ? [winograd] : []) + [blocks]
        return ways.map { way in
            var way = way
            way.isSingle = converts
            return way
        }
    }

    /// Whether the images of a plan should lie in blocks of channels where nothing was measured: where the library and
    /// the processor have Winograd's kernels, which want them, and some convolution of the plan can use one. Decided for
    /// the whole plan, since images that change layout between layers cost more than a kernel wins.
    static func prefersBlocks(_ graph: Graph) -> Bool {
        isWinogradAvailable
            && graph.nodes.indices.contains { graph.convolutionProblem($0, type: .float32)?.suitsWinograd == true }
    }

    static let isWinogradAvailable: Bool = {
        let image = Shape([1, 8, 8, block])
        let problem = ConvolutionProblem(
            direction: .forward, convolution: Convolution(padBefore: Pair(1), padAfter: Pair(1)), input: image,
            output: image, weights: [block, block, 3, 3], isTraining: false, type: .float32)
        return (try? problem.primitive(.winograd)) != nil
    }()
}

extension ConvolutionWay: CustomStringConvertible {
    var description: String {
        let layouts = source == destination ? source.rawValue : "\(source.rawValue) to \(destination.rawValue)"
        return "\(algorithm.rawValue), \(layouts)\(isSingle ? " in f32" : "")"
    }
}
