internal import CKernels

/// Maximum pooling whose windows lie side by side, over images whose channels lie together, all of them or sixteen by
/// sixteen: sixteen channels at a time.
///
/// oneDNN's kernels for this take as long as the convolution before it where channels are few; here each number is read
/// once. On the way back each number is written once, since it belongs to one window at most.
struct TiledMaximum {
    private let input: PackedImage
    private let output: PackedImage
    private let kernel: Pair

    /// Nil if windows overlap or are padded, or the channels do not lie like that.
    /// - Parameters:
    ///   - input: the layout of the image.
    ///   - output: of its maxima.
    init?(_ pooling: Pooling, input: MemoryDescriptor, output: MemoryDescriptor) {
        guard pooling.kind == .maximum, pooling.stride == pooling.kernel, pooling.padBefore == Pair(0),
            pooling.padAfter == Pair(0), pooling.kernel.height * pooling.kernel.width <= 127,
            let from = PackedImage(input), let to = PackedImage(output), from.type == to.type, from.type != .int32,
            from.together == to.together, from.together % 16 == 0
        else { return nil }
        (self.input, self.output) = (from, to)
        kernel = pooling.kernel
    }

    /// Images, or runs of sixteen channels of them.
    private var planes: Int { input.images * input.planesOfImage }
    /// How numbers are stored.
    private var type: StorageType { input.type }

    /// Rows of the result.
    var count: Int { planes * output.rows }
    /// Rows that are worth a thread of their own.
    var grain: Int { max(1, 4096 / max(input.rowLength * kernel.height, 1)) }

    /// Rows `range` of the maxima `y`, and, unless nil, where in its window each is first: not of bytes.
    func run(
        _ range: Range<Int>, _ x: UnsafeMutableRawPointer, into y: UnsafeMutableRawPointer,
        window: UnsafeMutableRawPointer?
    ) {
        var tiles = tiles
        for row in range {
            let from = firstRow(row) * input.rowLength
            let to = row * output.rowLength
            let place = unsafe window.map { unsafe $0.assumingMemoryBound(to: UInt8.self) + to }
            switch type {
            case .bfloat16:
                unsafe skernels_tile_maximum_bf16(
                    &tiles, x.assumingMemoryBound(to: UInt16.self) + from, y.assumingMemoryBound(to: UInt16.self) + to,
                    place)
            case .uint8:
                unsafe skernels_tile_maximum_u8(
                    &tiles, x.assumingMemoryBound(to: UInt8.self) + from, y.assumingMemoryBound(to: UInt8.self) + to)
            case .int8:
                unsafe skernels_tile_maximum_s8(
                    &tiles, x.assumingMemoryBound(to: Int8.self) + from, y.assumingMemoryBound(to: Int8.self) + to)
            case .float32, .int32:
                unsafe skernels_tile_maximum_f32(
                    &tiles, x.assumingMemoryBound(to: Float.self) + from, y.assumingMemoryBound(to: Float.self) + to,
                    place)
            }
        }
    }

    /// For the rows `range` of `dy`, the rows of `dx` that they were taken from: `dy` where the maximum was, else 0.
    func goBack(
        _ range: Range<Int>, _ dy: UnsafeMutableRawPointer, window: UnsafeMutableRawPointer,
        into dx: UnsafeMutableRawPointer
    ) {
        var tiles = tiles
        let isHalf = type == .bfloat16
        let size = isHalf ? 2 : 4
        for row in range {
            let first = firstRow(row)
            let from = row * output.rowLength
            let to = unsafe dx + first * input.rowLength * size
            let place = unsafe window.assumingMemoryBound(to: UInt8.self) + from
            if isHalf {
                unsafe skernels_tile_maximum_back_bf16(
                    &tiles, dy.assumingMemoryBound(to: UInt16.self) + from, place,
                    to.assumingMemoryBound(to: UInt16.self))
            } else {
                unsafe skernels_tile_maximum_back_f32(
                    &tiles, dy.assumingMemoryBound(to: Float.self) + from, place, to.assumingMemoryBound(to: Float.self)
                )
            }
            // What no window covers: the columns at the end, and after the last row the rows.
            let covered = output.columns * kernel.width * input.together
            for down in 0..<kernel.height where covered < input.rowLength {
                let end = unsafe to + (down * input.rowLength + covered) * size
                unsafe end.initializeMemory(as: UInt8.self, repeating: 0, count: (input.rowLength - covered) * size)
            }
            if row % output.rows == output.rows - 1 {
                let rest = (row / output.rows + 1) * input.rows - first - kernel.height
                unsafe (to + kernel.height * input.rowLength * size).initializeMemory(
                    as: UInt8.self, repeating: 0, count: rest * input.rowLength * size)
            }
        }
    }

    /// The row of all images' rows with which the windows of row `row` of the result begin.
    private func firstRow(_ row: Int) -> Int {
        row / output.rows * input.rows + row % output.rows * kernel.height
    }

    private var tiles: skernels_tiles {
        skernels_tiles(
            height: kernel.height, width: kernel.width, columns: output.columns, channels: input.together,
            row: input.rowLength)
    }
}
