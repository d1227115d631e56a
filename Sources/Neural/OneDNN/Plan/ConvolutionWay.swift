internal import COneDNN

/// How a convolution may be computed, and the layout of its images that goes with it.
enum ConvolutionWay {
    /// Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray 2016): 2.25 multiplications where the definition has
    /// 9, for a rounding error some ten times larger. oneDNN has it up to 2.x, on processors with AVX-512.
    case winograd
    /// As defined, with channels in blocks of 16.
    case blocks
    /// As defined, in the layout that the kernel likes best.
    case anyLayout

    /// Channels in a block.
    static let block = 16

    var algorithm: Int32 { self == .winograd ? Int32(SDNN_WINOGRAD) : Int32(SDNN_DIRECT) }

    /// The ways worth trying, best first.
    /// - Parameter blocks: whether images of the plan lie in blocks.
    static func candidates(_ c: Convolution, weights: Shape, blocks: Bool) -> [ConvolutionWay] {
        guard blocks else { return [.anyLayout] }
        return (suitsWinograd(c, weights: weights) ? [.winograd] : []) + [.blocks, .anyLayout]
    }

    /// Whether Winograd's algorithm applies to kernels `[out, in, height, width]` with whole blocks of channels.
    static func suitsWinograd(_ c: Convolution, weights: Shape) -> Bool {
        c.stride == Pair(1) && c.dilation == Pair(1) && c.groups == 1 && weights[2] == 3 && weights[3] == 3
            && weights[0] % block == 0 && weights[1] % block == 0
    }

    /// Whether the images of a plan should lie in blocks of channels: where the library and the processor have
    /// Winograd's kernels, which want them, and some convolution of the plan can use one. Decided for the whole plan,
    /// since images that change layout between layers cost more than a kernel wins.
    static func prefersBlocks(_ graph: Graph) -> Bool {
        isWinogradAvailable
            && graph.nodes.contains { node in
                guard case .convolution(let c) = node.operation else { return false }
                return suitsWinograd(c, weights: graph.shape(node.inputs[1]))
            }
    }

    static let isWinogradAvailable: Bool = {
        guard let image = try? MemoryDescriptor(blocked: [1, block, 8, 8]),
            let kernel = try? MemoryDescriptor([block, block, 3, 3], strides: nil)
        else { return false }
        let primitive = try? Primitive("a trial of Winograd's algorithm") { handle in
            var window = sdnn_window(Convolution(padBefore: Pair(1), padAfter: Pair(1)))
            return unsafe sdnn_convolution_forward(
                &handle, 0, Int32(SDNN_WINOGRAD), image.handle, kernel.handle, nil, image.handle, &window, [], 0)
        }
        return primitive != nil
    }()
}
