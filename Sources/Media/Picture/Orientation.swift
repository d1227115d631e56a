internal import CFFmpeg

/// How a coded picture is turned to be shown: one of the eight ways to lay down a rectangle.
///
/// First mirrored left to right where `mirrored`, then turned clockwise by `rotation` degrees.
struct Orientation: Hashable, Sendable {
    var rotation = 0
    var mirrored = false

    /// Whether width and height change places.
    var swapsSides: Bool { rotation == 90 || rotation == 270 }

    /// The size after turning.
    func apply(to size: MediaInfo.Size) -> MediaInfo.Size {
        swapsSides ? MediaInfo.Size(width: size.height, height: size.width) : size
    }

    /// No turn.
    init(rotation: Int = 0, mirrored: Bool = false) {
        self.rotation = rotation
        self.mirrored = mirrored
    }

    /// The orientation of a stream's display matrix; none where there is no matrix or it is no multiple of 90 degrees.
    init(of stream: UnsafeMutablePointer<AVStream>) {
        var size = 0
        let bytes = unsafe sora_stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size)
        var matrix: [Double] = []
        if let bytes = unsafe bytes, size >= 36 {
            let raw = unsafe UnsafeRawPointer(bytes)
            matrix = (0..<9).map { unsafe Double(raw.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self)) }
        }
        self.init(matrix: matrix)
    }

    /// From a display matrix: a sample at (x, y) is shown at (a·x + c·y, b·x + d·y), with `matrix` = a b u c d v x y w.
    init(matrix: [Double]) {
        guard matrix.count >= 5 else { return }
        let (a, b, c, d) = (matrix[0], matrix[1], matrix[3], matrix[4])
        let (straight, crossed) = (min(abs(a), abs(d)), min(abs(b), abs(c)))
        // Within a degree of a right angle.
        if straight > 0, max(abs(b), abs(c)) < straight / 57 {
            // (flip across, flip down): neither; both = 180; across only = mirror; down only = mirror, then 180.
            mirrored = (a < 0) != (d < 0)
            rotation = d < 0 ? 180 : 0
        } else if crossed > 0, max(abs(a), abs(d)) < crossed / 57 {
            // Clockwise by 90: right is shown down (b > 0) and down is shown left (c < 0).
            mirrored = (b < 0) == (c < 0)
            // Mirroring reverses what is right before the turn; down stays.
            rotation = c < 0 ? 90 : 270
        }
    }
}
