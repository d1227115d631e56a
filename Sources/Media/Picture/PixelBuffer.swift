internal import CFFmpeg

/// A picture of 3 or 4 bytes a pixel in the library's own memory, with rows as aligned as its fast paths like.
///
/// Those paths may write a few bytes past the end of a row, which is why pictures are not scaled into arrays directly.
@safe final class PixelBuffer {
    /// Where reading an upright picture starts, and how many bytes a step right and a step down are.
    struct Walk {
        var start: Int
        var across: Int
        var down: Int
    }

    let size: MediaInfo.Size
    let channels: Int
    let stride: Int
    let base: UnsafeMutablePointer<UInt8>

    init(size: MediaInfo.Size, channels: Int, path: String) throws(MediaError) {
        self.size = size
        self.channels = channels
        stride = (size.width * channels + 64 + 63) & ~63
        guard let memory = unsafe av_mallocz(stride * size.height + 64) else { throw .outOfMemory(path) }
        unsafe base = memory.assumingMemoryBound(to: UInt8.self)
    }

    deinit { unsafe av_free(base) }

    /// Multiplies colour by alpha, rounded to nearest: the picture as it looks over black.
    func layOverBlack() {
        for y in 0..<size.height {
            let row = unsafe base + y * stride
            for x in 0..<size.width {
                let pixel = unsafe row + x * 4
                let alpha = unsafe UInt32(pixel[3])
                if alpha == 255 { continue }
                for channel in 0..<3 { unsafe pixel[channel] = UInt8((UInt32(pixel[channel]) * alpha + 127) / 255) }
            }
        }
    }

    /// How to read this picture, as it was coded, so that it comes out upright.
    func walk(_ orientation: Orientation) -> Walk {
        let (right, below) = (channels, stride)
        let (lastX, lastY) = ((size.width - 1) * right, (size.height - 1) * below)
        // One step right (or down) in the upright picture is a step along an axis of the coded one.
        let plain: Walk =
            switch orientation.rotation {
            case 90: Walk(start: lastY, across: -below, down: right)
            case 180: Walk(start: lastX + lastY, across: -right, down: -below)
            case 270: Walk(start: lastX, across: below, down: -right)
            default: Walk(start: 0, across: right, down: below)
            }
        guard orientation.mirrored else { return plain }
        // Mirrored before the turn: the coded x axis runs the other way.
        func flip(_ step: Int) -> Int { abs(step) == right ? -step : step }
        let startsAtLastX = orientation.rotation == 180 || orientation.rotation == 270
        return Walk(
            start: plain.start + (startsAtLastX ? -lastX : lastX), across: flip(plain.across), down: flip(plain.down))
    }

    /// Copies `count` pixels, `step` bytes apart from offset `from` on, as RGB.
    func copyRow(from: Int, step: Int, count: Int, to target: UnsafeMutablePointer<UInt8>) {
        let source = unsafe UnsafePointer(base) + from
        if step == 3 {
            unsafe target.update(from: source, count: count * 3)
            return
        }
        var (read, write) = (0, 0)
        for _ in 0..<count {
            unsafe target[write] = source[read]
            unsafe target[write + 1] = source[read + 1]
            unsafe target[write + 2] = source[read + 2]
            read += step
            write += 3
        }
    }
}
