internal import CKernels

/// The sum of all pixels of an image for each channel, from the layout and type in which a convolution leaves it.
struct ImageSum {
    private let image: PackedImage
    private let scale: Float

    /// Pixels whose sum is taken before it is added to the total, which keeps rounding errors small.
    private static let segment = 64

    /// Nil if the channels do not lie together, all of them or sixteen by sixteen, or are no multiple of 16.
    /// - Parameter scale: by which the sums are multiplied.
    init?(_ layout: MemoryDescriptor, scale: Float) {
        guard let image = PackedImage(layout), image.channels % 16 == 0,
            image.type == .float32 || image.type == .bfloat16
        else { return nil }
        self.image = image
        self.scale = scale
    }

    private var pixels: Int { image.rows * image.columns }

    var count: Int { image.images }
    /// Images that are worth a thread of their own.
    var grain: Int { max(1, 16384 / max(pixels * image.channels, 1)) }

    /// The images `range` of `y`, `[image, channel]`.
    func run(_ range: Range<Int>, _ x: UnsafeMutableRawPointer, into y: UnsafeMutablePointer<Float>) {
        let isBlocked = image.together != image.channels
        for index in range {
            let sums = unsafe y + index * image.channels
            unsafe sums.update(repeating: 0, count: image.channels)
            for first in stride(from: 0, to: pixels, by: Self.segment) {
                var segment = skernels_channels(
                    half: image.type == .bfloat16,
                    start: index * pixels * image.channels + first * image.together,
                    pixels: min(Self.segment, pixels - first), pixel_stride: image.together,
                    blocks: image.channels / 16, block_stride: isBlocked ? pixels * 16 : 16)
                unsafe skernels_pixel_sums(&segment, x, sums)
            }
            for channel in 0..<image.channels { unsafe sums[channel] *= scale }
        }
    }
}
