/// A convolution of normalised frames, as one of their bytes.
///
/// The factor of each colour goes into the weights. Its shift goes into those of one more channel, which is 255 inside
/// the frame: outside it is 0, as the padding of normalised frames is, so that borders come out exactly as well.
enum FrameKernel {
    /// What the added channel holds.
    static let inside: Float = 255

    /// - Parameters:
    ///   - weights: `[out, in, height, width]`
    ///   - factor, shift: for each input channel.
    /// - Returns: `[out, in + 1, height, width]`
    static func weights(_ weights: [Float], _ shape: Shape, factor: [Float], shift: [Float]) -> [Float] {
        let (out, channels, places) = (shape[0], shape[1], shape[2] * shape[3])
        var result: [Float] = []
        result.reserveCapacity(out * (channels + 1) * places)
        for o in 0..<out {
            var shifts = [Float](repeating: 0, count: places)
            for c in 0..<channels {
                let start = (o * channels + c) * places
                for place in 0..<places {
                    result.append(weights[start + place] * factor[c])
                    shifts[place] += weights[start + place] * shift[c] / inside
                }
            }
            result.append(contentsOf: shifts)
        }
        return result
    }

    /// Copies the pixels of `range`, of `channels` bytes each, with one more of 255 after each.
    /// - Parameter pixels: how many there are in all.
    static func addChannel(
        _ range: Range<Int>, of pixels: Int, channels: Int, _ bytes: UnsafeMutablePointer<UInt8>,
        into result: UnsafeMutablePointer<UInt8>
    ) {
        var rest = range
        if channels == 3 {
            // A pixel and the byte after it at once, as long as there is one.
            rest = min(range.upperBound, pixels - 1)..<range.upperBound
            let target = unsafe UnsafeMutableRawPointer(result).assumingMemoryBound(to: UInt32.self)
            for pixel in range.lowerBound..<rest.lowerBound {
                let four = unsafe UnsafeRawPointer(bytes + 3 * pixel).loadUnaligned(as: UInt32.self)
                unsafe target[pixel] = (UInt32(littleEndian: four) | 0xFF00_0000).littleEndian
            }
        }
        for pixel in rest {
            let (from, to) = unsafe (bytes + pixel * channels, result + pixel * (channels + 1))
            for c in 0..<channels { unsafe to[c] = unsafe from[c] }
            unsafe to[channels] = 255
        }
    }
}
