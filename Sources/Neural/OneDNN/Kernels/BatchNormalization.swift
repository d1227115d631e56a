internal import CKernels

/// Batch normalisation over images whose channels lie together, all of them or sixteen by sixteen, and a ReLU after it.
///
/// oneDNN's kernel goes over the memory three times to find mean and variance, and in half precision takes as long again
/// to convert; here statistics are taken of pixels while they are in the nearest cache, in one pass. What a part of the
/// image adds to a sum does not depend on the number of threads.
struct BatchNormalization {
    private let image: PackedImage
    private let epsilon: Float

    /// Pixels that are looked at together: those of 64 channels stay in the nearest cache.
    private static let segment = 64
    /// Most parts whose sums are taken apart, and so most threads at work on them.
    private static let mostParts = 64

    /// Nil if the channels do not lie like that, or are no multiple of 16.
    init?(_ layout: MemoryDescriptor, epsilon: Float) {
        guard let image = PackedImage(layout), image.channels % 16 == 0, image.channels > 0,
            image.type == .float32 || image.type == .bfloat16
        else { return nil }
        self.image = image
        self.epsilon = epsilon
    }

    var channels: Int { image.channels }

    // MARK: Memory

    /// Numbers that are needed on the way: two vectors for each part, and three for all.
    var scratchCount: Int { (2 * parts + 3) * channels }
    /// Bytes of a bit for each number.
    var windowBytes: Int { image.images * image.rows * image.columns * channels / 8 }

    /// Where things lie while it runs.
    @unsafe struct Places {
        var x: UnsafeMutableRawPointer
        var mean: UnsafeMutablePointer<Float>
        var variance: UnsafeMutablePointer<Float>
        var scratch: UnsafeMutablePointer<Float>
        /// What a ReLU lets through; nil without one.
        var window: UnsafeMutablePointer<UInt16>?
    }

    // MARK: What is split among threads

    /// Parts whose sums are taken apart.
    var parts: Int { min(segments, Self.mostParts) }
    /// Runs of pixels that are looked at together.
    var segments: Int { runs * segmentsOfRun }
    /// Segments that are worth a thread of their own.
    var grain: Int { max(1, 16384 / (min(Self.segment, run) * channels)) }

    /// Pixels that follow each other: of all images if all channels lie together, else of one.
    private var run: Int { image.rows * image.columns * (isBlocked ? 1 : image.images) }
    private var runs: Int { isBlocked ? image.images : 1 }
    private var segmentsOfRun: Int { (run + Self.segment - 1) / Self.segment }
    private var isBlocked: Bool { image.together != channels }

    private func segment(_ index: Int) -> skernels_channels {
        let first = index % segmentsOfRun * Self.segment
        return skernels_channels(
            half: image.type == .bfloat16, start: index / segmentsOfRun * run * channels + first * image.together,
            pixels: min(Self.segment, run - first), pixel_stride: image.together, blocks: channels / 16,
            block_stride: isBlocked ? run * 16 : 16)
    }

    private func segments(of part: Int) -> Range<Int> { segments * part / parts..<segments * (part + 1) / parts }

    private func pixels(of part: Int) -> Int { segments(of: part).reduce(0) { $0 + segment($1).pixels } }

    /// The two vectors of a part, or those after all of them.
    private func vectors(_ scratch: UnsafeMutablePointer<Float>, part: Int) -> UnsafeMutablePointer<Float> {
        unsafe scratch + 2 * part * channels
    }

    // MARK: Forward

    /// The mean, and the sum of the squares of the distance from it, of each of the parts `range`.
    func takeStatistics(_ range: Range<Int>, _ at: Places) {
        for part in range {
            let mean = unsafe vectors(at.scratch, part: part)
            unsafe mean.update(repeating: 0, count: 2 * channels)
            var seen = 0
            for index in segments(of: part) {
                var segment = segment(index)
                unsafe skernels_statistics(&segment, at.x, seen, mean, mean + channels)
                seen += segment.pixels
            }
        }
    }

    /// Mean and variance of the channels `range`, and what they are to be multiplied by.
    func joinStatistics(_ range: Range<Int>, _ at: Places, scale: UnsafeMutablePointer<Float>) {
        let (mean, deviation) = unsafe (at.mean, at.variance)
        for channel in range { unsafe (mean[channel], deviation[channel]) = (0, 0) }
        var seen = 0
        for part in 0..<parts {
            let own = unsafe vectors(at.scratch, part: part)
            let count = pixels(of: part)
            let share = Float(count) / Float(seen + count)
            let weight = Float(seen) * share
            for channel in range {
                let apart = unsafe own[channel] - mean[channel]
                unsafe mean[channel] += apart * share
                unsafe deviation[channel] += unsafe own[channels + channel] + apart * apart * weight
            }
            seen += count
        }
        let factor = unsafe vectors(at.scratch, part: parts)
        for channel in range {
            unsafe deviation[channel] /= Float(seen)
            unsafe factor[channel] = unsafe scale[channel] / (deviation[channel] + epsilon).squareRoot()
        }
    }

    /// The segments `range` of the result.
    func normalize(
        _ range: Range<Int>, _ at: Places, shift: UnsafeMutablePointer<Float>, into y: UnsafeMutableRawPointer
    ) {
        let factor = unsafe vectors(at.scratch, part: parts)
        for index in range {
            var segment = segment(index)
            unsafe skernels_normalize(&segment, at.x, at.mean, factor, shift, y, at.window)
        }
    }

    // MARK: Gradient

    /// The sums of `dy`, and of `dy` times the distance of `x` from the mean, of each of the parts `range`.
    func sumGradients(_ range: Range<Int>, _ at: Places, dy: UnsafeMutableRawPointer) {
        for part in range {
            let sums = unsafe vectors(at.scratch, part: part)
            unsafe sums.update(repeating: 0, count: 2 * channels)
            for index in segments(of: part) {
                var segment = segment(index)
                unsafe skernels_gradient_sums(&segment, at.x, dy, at.window, at.mean, sums, sums + channels)
            }
        }
    }

    /// The gradients of scale and shift for the channels `range`, and what the image's are made of.
    func joinGradients(
        _ range: Range<Int>, _ at: Places, scale: UnsafeMutablePointer<Float>, dscale: UnsafeMutablePointer<Float>,
        dshift: UnsafeMutablePointer<Float>
    ) {
        for channel in range { unsafe (dscale[channel], dshift[channel]) = (0, 0) }
        for part in 0..<parts {
            let own = unsafe vectors(at.scratch, part: part)
            for channel in range {
                unsafe dshift[channel] += own[channel]
                unsafe dscale[channel] += own[channels + channel]
            }
        }
        let count = Float(runs * run)
        let factor = unsafe vectors(at.scratch, part: parts)
        for channel in range {
            let inverse = unsafe 1 / (at.variance[channel] + epsilon).squareRoot()
            unsafe dscale[channel] *= inverse
            unsafe factor[channel] = unsafe scale[channel] * inverse
            unsafe factor[channels + channel] = unsafe -factor[channel] * inverse * dscale[channel] / count
            unsafe factor[2 * channels + channel] = unsafe -factor[channel] * dshift[channel] / count
        }
    }

    /// The segments `range` of the image's gradient, which may take the place of `dy`.
    func goBack(
        _ range: Range<Int>, _ at: Places, dy: UnsafeMutableRawPointer, into dx: UnsafeMutableRawPointer
    ) {
        let factor = unsafe vectors(at.scratch, part: parts)
        for index in range {
            var segment = segment(index)
            unsafe skernels_normalize_back(
                &segment, at.x, dy, at.window, at.mean, factor, factor + channels, factor + 2 * channels, dx)
        }
    }
}
