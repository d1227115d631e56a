/// Bytes `[..., width, channel]` to floats `byte * scale[channel] + shift[channel]`, in an order of axes of one's own.
struct FrameNormalization {
    private let rows: StridedLoop
    private let width: Int
    private let channels: Int
    private let widthStride: Int
    private let channelStride: Int
    /// For each channel, what each byte becomes.
    private let table: [Float]

    /// - Parameter strides: of the result, for each axis of `shape`.
    init(shape: Shape, strides: [Int], scale: [Float], shift: [Float]) {
        channels = shape.dimensions.last ?? 1
        channelStride = strides.last ?? 1
        let places = Array(shape.dimensions.dropLast())
        width = places.last ?? 1
        widthStride = places.isEmpty ? 0 : strides[places.count - 1]
        rows = StridedLoop(places.dropLast() + [1, 1], [strides.dropLast(2) + [0, 0]])
        table = (0..<channels).flatMap { c in (0..<256).map { Float($0) * scale[c] + shift[c] } }
    }

    func run(_ bytes: UnsafeMutablePointer<UInt8>, into floats: UnsafeMutablePointer<Float>) {
        let count = rows.rowCount * rows.width
        let inner = rows.width
        parallel(count, grain: max(1, 4096 / (width * channels))) { range in
            unsafe table.withUnsafeBufferPointer { table in
                for row in range {
                    let from = unsafe bytes + row * width * channels
                    let to = unsafe floats + rows.offset(0, row: row / inner) + row % inner * rows.step(0)
                    for c in 0..<channels {
                        let entries = unsafe UnsafeBufferPointer(rebasing: table[c * 256..<(c + 1) * 256])
                        let target = unsafe to + c * channelStride
                        for x in 0..<width {
                            unsafe target[x * widthStride] = unsafe entries[Int(from[x * channels + c])]
                        }
                    }
                }
            }
        }
    }
}
