/// Bytes `[..., width, channel]` to numbers `byte * scale[channel] + shift[channel]`, in an order of axes of one's own.
/// `Element` is how the numbers are stored: `Float`, or the bits of a `bfloat16`.
struct FrameNormalization<Element> {
    private let rows: StridedLoop
    private let width: Int
    private let channels: Int
    private let widthStride: Int
    private let channelStride: Int
    /// For each channel, what each byte becomes.
    private let table: [Element]

    /// - Parameters:
    ///   - strides: of the result, for each axis of `shape`.
    ///   - store: a number as it is stored.
    init(shape: Shape, strides: [Int], scale: [Float], shift: [Float], store: (Float) -> Element) {
        channels = shape.dimensions.last ?? 1
        channelStride = strides.last ?? 1
        let places = Array(shape.dimensions.dropLast())
        width = places.last ?? 1
        widthStride = places.isEmpty ? 0 : strides[places.count - 1]
        rows = StridedLoop(places.dropLast() + [1, 1], [strides.dropLast(2) + [0, 0]])
        table = (0..<channels).flatMap { c in (0..<256).map { store(Float($0) * scale[c] + shift[c]) } }
    }

    /// Rows of pixels.
    var count: Int { rows.rowCount * rows.width }
    /// Rows that are worth a thread of their own.
    var grain: Int { max(1, 4096 / (width * channels)) }

    /// Does the rows of `range`.
    func run(_ range: Range<Int>, _ bytes: UnsafeMutablePointer<UInt8>, into numbers: UnsafeMutablePointer<Element>) {
        let inner = rows.width
        unsafe table.withUnsafeBufferPointer { table in
            for row in range {
                let from = unsafe bytes + row * width * channels
                let to = unsafe numbers + rows.offset(0, row: row / inner) + row % inner * rows.step(0)
                if channels == 3 {
                    unsafe colours(from, to, table)
                    continue
                }
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

    /// A row of pixels of three bytes: each is read once.
    private func colours(
        _ from: UnsafePointer<UInt8>, _ to: UnsafeMutablePointer<Element>, _ table: UnsafeBufferPointer<Element>
    ) {
        guard let entries = table.baseAddress else { return }
        var (source, target) = unsafe (from, to)
        for _ in 0..<width {
            unsafe target.pointee = unsafe entries[Int(source[0])]
            unsafe target[channelStride] = unsafe entries[256 + Int(source[1])]
            unsafe target[2 * channelStride] = unsafe entries[512 + Int(source[2])]
            unsafe source += 3
            unsafe target += widthStride
        }
    }
}
