internal import CKernels

/// The first convolution of a network, from the bytes of its frames, with bias, ReLU or ReLU6, and the maximum pooling by
/// two that follows it.
///
/// It has three channels, which leaves the library's kernels most of their vectors empty; and what it makes is the
/// largest image of the network, which by separate steps is written and read once more. Without pooling after it the
/// library's kernels are as fast.
struct FrameConvolution {
    private var shape: skernels_frames
    private let frames: Int
    private let type: StorageType

    /// Nil if there is no kernel for it here.
    /// - Parameters:
    ///   - input: `[frame, height, width, 3]`
    ///   - weights: `[out, 3, height, width]`
    ///   - output: of the convolution, `[frame, height, width, channel]`
    ///   - type: how the result is stored: as singles or bfloat16.
    init?(_ c: Convolution, input: Shape, weights: Shape, output: Shape, type: StorageType) {
        guard input.rank == 4, input[3] == 3, c.groups == 1, c.dilation == Pair(1), !c.addsResidual,
            c.stride == Pair(1), c.padBefore.height < weights[2], c.padBefore.width < weights[3],
            input.elementCount > 0, output.elementCount > 0, type == .float32 || type == .bfloat16
        else { return nil }
        var ceiling = Float.infinity
        switch c.activation {
        case nil, .relu: break
        case .relu6: ceiling = 6
        default: return nil
        }
        shape = skernels_frames(
            height: input[1], width: input[2], kernel_height: weights[2], kernel_width: weights[3],
            pad_top: c.padBefore.height, pad_left: c.padBefore.width, channels: weights[0],
            out_height: output[1] / 2, out_width: output[2] / 2, rectifies: c.activation != nil,
            ceiling: ceiling, frame_stride: 0, row_stride: 0, pixel_stride: 0, block_stride: 0)
        frames = input[0]
        self.type = type
        guard shape.out_height > 0, shape.out_width > 0, unsafe skernels_frame_convolution_fits(&shape, isHalf) else {
            return nil
        }
    }

    private var isHalf: Bool { type == .bfloat16 }

    /// Has the result laid out like this. Returns whether it can be.
    mutating func lay(out layout: MemoryDescriptor) -> Bool {
        guard let image = PackedImage(layout), image.type == type, image.channels == shape.channels else {
            return false
        }
        shape.row_stride = image.rowLength
        shape.pixel_stride = image.together
        shape.frame_stride = image.rowLength * image.rows * image.planesOfImage
        shape.block_stride = image.together == image.channels ? 16 : image.rowLength * image.rows
        return true
    }

    /// Rows of the result.
    var count: Int { frames * shape.out_height }
    /// Rows that are worth a thread of their own: the more, the fewer rows of frames are converted twice.
    var grain: Int { max(1, min(16, shape.out_height)) }

    // MARK: Weights

    /// Numbers of a window.
    private var depth: Int { shape.kernel_height * shape.kernel_width * 3 }
    /// The same as tiles have it.
    private var paddedDepth: Int { (depth + 31) / 32 * 32 }
    /// Bytes of the weights in the kernel's own order.
    var weightBytes: Int { shape.channels * (isHalf ? paddedDepth * 2 : depth * 4) }

    /// `[out, 3, height, width]` in the kernel's own order.
    func arrange(_ weights: UnsafeMutablePointer<Float>, into target: UnsafeMutableRawPointer) {
        unsafe target.initializeMemory(as: UInt8.self, repeating: 0, count: weightBytes)
        let (height, width) = (shape.kernel_height, shape.kernel_width)
        var source = unsafe weights
        for out in 0..<shape.channels {
            for channel in 0..<3 {
                for row in 0..<height {
                    for column in 0..<width {
                        if isHalf {
                            let k = (column * height + row) * 3 + channel
                            let place = (out / 16 * (paddedDepth / 2) + k / 2) * 32 + out % 16 * 2 + k % 2
                            let target = unsafe target.assumingMemoryBound(to: UInt16.self)
                            unsafe target[place] = unsafe StorageType.bfloat16(source.pointee)
                        } else {
                            let k = (row * width + column) * 3 + channel
                            let target = unsafe target.assumingMemoryBound(to: Float.self)
                            unsafe target[k * shape.channels + out] = unsafe source.pointee
                        }
                        unsafe source += 1
                    }
                }
            }
        }
    }

    // MARK: Running

    /// What bytes become, for each channel, as the kernel wants it.
    struct Table {
        fileprivate let singles: [Float]
        fileprivate let halves: [UInt16]

        init(scale: [Float], shift: [Float]) {
            singles = (0..<scale.count).flatMap { c in (0..<256).map { Float($0) * scale[c] + shift[c] } }
            halves = singles.map(StorageType.bfloat16)
        }
    }

    /// Rows `range` of the result.
    func run(
        _ range: Range<Int>, _ bytes: UnsafeMutableRawPointer, _ table: Table, weights: UnsafeMutableRawPointer,
        bias: UnsafeMutablePointer<Float>?, into y: UnsafeMutableRawPointer
    ) {
        var shape = shape
        let bytes = unsafe bytes.assumingMemoryBound(to: UInt8.self)
        if isHalf {
            unsafe skernels_convolve_frames_bf16(
                &shape, bytes, table.halves, weights.assumingMemoryBound(to: UInt16.self), bias,
                y.assumingMemoryBound(to: UInt16.self), range.lowerBound, range.upperBound)
        } else {
            unsafe skernels_convolve_frames_f32(
                &shape, bytes, table.singles, weights.assumingMemoryBound(to: Float.self), bias,
                y.assumingMemoryBound(to: Float.self), range.lowerBound, range.upperBound)
        }
    }
}
